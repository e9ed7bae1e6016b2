import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import bibtexparser
import pytest
from markdown_it import MarkdownIt

from assistant.answers import Answer, AnswerSentence, CitedSource
from assistant.conversations import Conversation, Exchange
from assistant.errors import OutputUnwritable
from assistant.export import (
    FORMATS,
    suggested_name,
    to_bibtex,
    to_html,
    to_json,
    to_markdown,
    write_new,
)
from assistant.library import StoredPaper
from assistant.papers import Paper
from assistant.render import source_json
from assistant.retrieval import Hit

HOSTILE = [
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "</pre></title></style><!-- ]]> &lt;script&gt;",
    "``` \n```\n# heading\n* * *\n- item\n1. item\n> quote\n    code\n| a | b |\n|---|---|",
    "[click](javascript:alert(1)) ![x](http://evil.example/x.png) [1]: http://evil.example",
    "https://evil.example www.evil.example evil.example a@evil.example <http://evil.example>",
    "1. one\n===\n+ two\n~~~\n- [ ] task",
    "**bold** _it_ ~~no~~ `code` $x$ :smile: a\\*b &amp; &#60; \\[x\\](y)",
    '" onmouseover="alert(1)" \' `',
    "\x1b[31mred\x1b[0m \x07 \x00 \x9b2J \u202eevil\u202c \u2066x\u2069",
    "שלום עולם 🙂 مرحبا 王小明",
    "x" * 10_000,
    "{" * 100 + "`" * 50,
]
SPANS = ((0, 17), (18, 32))
TEXT = "It removes 30 % . It keeps 91 %. "


def stored(identifier="p1", **facts):
    facts = {"title": "Ladder Pruning", "abstract": TEXT, "year": 2024} | facts
    return StoredPaper(identifier, Paper(**facts), SPANS)


def exchange(*papers, question="How much?", model="tiny", reason=None):
    """An answer with one worded and one quoted sentence from each paper."""
    answer = Answer(question, refused=not papers, reason=reason)
    for number, paper in enumerate(papers, start=1):
        answer.sources.append(CitedSource(number, paper, list(SPANS)))
        answer.sentences += [
            AnswerSentence("It cuts 30 %.", (number,), "written", 0.9, spans=SPANS[:1]),
            AnswerSentence(paper.sentence(1), (number,), "quoted", 1.0, "number", SPANS[1:]),
        ]
    return Exchange(question, answer, "2026-03-01T10:15:30+00:00", model)


def conversation(*exchanges, title="About pruning"):
    return Conversation(7, title, "2026-03-01 10:15:00", "2026-03-01T11:00:00Z", exchanges)


def refusal(*papers, reason="no paper is near enough"):
    made = exchange(reason=reason)
    made.answer.retrieved = [Hit(paper, 0.5, 0.4, ()) for paper in papers]
    return made


def hostile(text):
    """A conversation in which every text from outside is this one."""
    paper = stored(
        title=text, abstract=f"{text} {TEXT}", authors=(text,), organisation=text, venue=text,
        url=f"javascript:{text}", doi=None,
    )  # fmt: skip
    paper = replace(paper, sentences=((0, len(text)), (0, len(paper.paper.abstract))))
    asked = exchange(paper, question=text, model=text)
    asked.answer.sources[0].quotes[:] = paper.sentences
    asked.answer.sentences[0] = replace(
        asked.answer.sentences[0], text=text, spans=(paper.sentences[0],)
    )
    refused = refusal(replace(paper, id="p2"), reason=text)
    return conversation(asked, refused, title=text)


class Page(HTMLParser):
    """Elements with their attributes, and the text of each kind of element."""

    VOID = frozenset(("meta", "br", "hr", "img", "link", "input"))

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.open, self.elements, self.texts, self.problems = [], [], {}, []
        self.feed(html)
        self.close()
        self.problems += self.open

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(tag)

    def handle_data(self, data):
        for tag in set(self.open):
            self.texts[tag] = self.texts.get(tag, "") + data

    def handle_comment(self, data):
        self.problems.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def cited_only(text):
    return [entry.key for entry in bibtexparser.parse_string(text).entries]


def test_leads_stand_before_quotes_and_cuts_are_marked():
    talk = conversation(exchange(stored()))
    sentences = talk.exchanges[0].answer.sentences
    sentences[0] = replace(sentences[0], lead="On *Silt* (2024):")
    sentences[1] = replace(sentences[1], lead="It [1] <b>:", text="keeps 91 %", shown=(21, 31))
    page = Page(to_html(talk))
    assert "On *Silt* (2024): It cuts 30 %. [1]" in page.texts["span"]
    assert "It [1] <b>: “… keeps 91 % …” [1]" in page.texts["span"]
    assert "On \\*Silt\\* (2024): It cuts 30 %. [1] It \\[1\\] \\<b\\>: “… keeps" in to_markdown(
        talk
    )
    first, second = json.loads(to_json(talk))["exchanges"][0]["sentences"]
    assert (first["lead"], first["shown"]) == ("On *Silt* (2024):", None)
    assert (second["lead"], second["shown"]) == ("It [1] <b>:", [21, 31])


def test_the_page_links_each_marker_to_its_source_with_the_cited_sentence():
    page = Page(to_html(conversation(exchange(stored(), stored("p2", doi="10.1000/x")))))
    assert not page.problems
    markers = [a for a in page.all("a") if a.get("class") == "marker"]
    assert [a["href"] for a in markers] == ["#q1-source1"] * 2 + ["#q1-source2"] * 2
    assert [a["title"] for a in markers[:2]] == ["It removes 30 % .", "It keeps 91 %."]
    anchors = [li["id"] for li in page.all("li")]
    assert anchors == ["q1-source1", "q1-source2"]
    assert [li["value"] for li in page.all("li")] == ["1", "2"]
    assert [s["class"] for s in page.all("span")] == ["written", "quoted"] * 2
    assert "“It keeps 91 %.” [1]" in page.texts["span"] and "“It cuts" not in page.texts["span"]
    assert "Ladder Pruning (2024)." in page.texts["ol"]
    assert {a["href"] for a in page.all("a")} - {a["href"] for a in markers} == {
        "https://doi.org/10.1000/x"
    }
    assert "2026-03-01 10:15 UTC · 2 worded by tiny · 2 quoted" in page.texts["p"]
    assert page.texts["h1"] == page.texts["title"] == "About pruning"


def test_anchors_are_unique_over_several_exchanges():
    html = to_html(conversation(exchange(stored()), exchange(stored()), refusal(stored("p3"))))
    identifiers = re.findall(r' id="([^"]+)"', html)
    assert len(identifiers) == len(set(identifiers)) == 5
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(identifiers)


def test_the_page_needs_nothing_from_outside_and_adapts():
    html = to_html(conversation(exchange(stored(doi="10.1000/x"))))
    page = Page(html)
    assert not {tag for tag, _ in page.elements} & {"script", "link", "img", "iframe", "object"}
    assert not any("src" in attributes for _, attributes in page.elements)
    assert "url(" not in html and "@import" not in html
    assert "default-src &#x27;none&#x27;" in html
    assert "prefers-color-scheme: dark" in html and "@media print" in html


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_hostile_text_in_html(text):
    html = to_html(hostile(text))
    page, plain = Page(html), Page(to_html(hostile("harmless")))
    assert not page.problems
    assert [tag for tag, _ in page.elements] == [tag for tag, _ in plain.elements]
    for (_, attributes), (_, expected) in zip(page.elements, plain.elements, strict=True):
        assert attributes.keys() == expected.keys()
    assert all(a["href"].startswith("#") for a in page.all("a"))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", html)
    seen = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", " ", text).split())
    assert "".join(seen.split()) in "".join(page.texts["h1"].split())


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
@pytest.mark.parametrize("preset", ["commonmark", "gfm-like"])
def test_hostile_text_in_markdown(text, preset):
    reader = MarkdownIt(preset, {"html": True, "linkify": True})
    kinds, expected = (
        [
            (token.type, token.tag, [child.type for child in token.children or ()])
            for token in reader.parse(to_markdown(hostile(value)))
        ]
        for value in (text, "harmless")
    )
    unset = {"text", "text_special"}  # an escaped character may be a piece of its own
    for found, wanted in zip(kinds, expected, strict=True):
        assert found[:2] == wanted[:2]
        assert [k for k in found[2] if k not in unset] == [k for k in wanted[2] if k not in unset]
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", to_markdown(hostile(text)))


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_markdown_shows_hostile_text_as_it_is(text):
    (title,) = (Page(MarkdownIt("gfm-like").render(to_markdown(hostile(text)))).texts["h1"],)
    gone = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"
    assert title == " ".join(re.sub(gone, "", text).split())


def test_markdown_tells_questions_answers_sources_and_bibtex():
    paper = stored(doi="10.1000/x", kind="synopsis")
    text = to_markdown(conversation(exchange(paper), exchange(paper, question="And 2. then?")))
    blocks = text.split("\n\n")
    assert blocks[0] == "# About pruning" and "2026-03-01 10:15 UTC to 2026-03-01 11:00" in text
    assert "“quotation marks” are quoted" in blocks[2] and "[synopsis\\]" in blocks[2]
    assert blocks[3:5] == ["## How much?", "It cuts 30 %. [1] “It keeps 91 %.” [1]"]
    assert blocks[5] == "*Asked 2026-03-01 10:15 UTC · 1 worded by tiny · 1 quoted*"
    assert blocks[6].startswith("- [1] Ladder Pruning (2024). \\[synopsis\\] <https://doi.org/10")
    assert blocks[7:9] == ["  > It removes 30 % .", "  > It keeps 91 %."]
    (fenced,) = re.findall(r"^```bibtex\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    assert cited_only(fenced) == ["ladder2024pruning"]


def test_a_fence_is_longer_than_any_in_the_bibtex():
    text = to_markdown(conversation(exchange(stored(title="a ````` b"))))
    tokens = MarkdownIt().parse(text)
    assert tokens[-1].type == "fence" and "`````" in tokens[-1].content


def test_an_answer_says_what_its_papers_do_not_mention():
    talk = conversation(exchange(stored(), reason="the papers cited do not mention 8"))
    for text in (to_markdown(talk), "".join(Page(to_html(talk)).texts["main"])):
        assert "1 quoted · the papers cited do not mention 8" in text


def test_a_refusal_names_its_reason_and_the_nearest_papers():
    talk = conversation(refusal(*(stored(f"p{n}", title=f"Paper {n}") for n in range(5))))
    for text in (to_markdown(talk), "".join(Page(to_html(talk)).texts["main"])):
        assert "does not answer this question. No paper is near enough." in text
        assert "Paper 2 (2024)." in text and "Paper 3" not in text and "BibTeX" not in text
    (found,) = json.loads(to_json(talk))["exchanges"]
    assert found["refused"] and found["reason"] == "no paper is near enough"
    assert [item["id"] for item in found["nearest"]] == ["p0", "p1", "p2"]
    assert to_bibtex(talk) == ""


def test_json_is_stable_and_complete():
    paper = stored(doi="10.1000/x", title="T\x1b <b>")
    talk = conversation(exchange(paper, question="Wo 🙂?"), exchange(paper))
    value = json.loads(to_json(talk))
    assert list(value) == ["title", "created_at", "changed_at", "version", "exchanges", "bibtex"]
    first = value["exchanges"][0]
    assert list(first) == [
        "question", "asked_at", "model", "answer", "refused", "reason", "verdict", "sentences",
        "sources", "nearest",
    ]  # fmt: skip
    assert first["sources"] == [source_json(talk.exchanges[0].answer.sources[0])]
    assert first["sentences"][1] == {
        "text": "It keeps 91 %.", "citations": [1], "origin": "quoted", "support": 1.0,
        "stance": None, "note": "number", "lead": "", "shown": None,
    }  # fmt: skip
    assert first["question"] == "Wo 🙂?" and first["nearest"] == []
    for quote in first["sources"][0]["quotes"]:
        assert TEXT[quote["start"] : quote["end"]] == quote["text"]
    assert value["bibtex"] == to_bibtex(talk)


def test_bibtex_has_exactly_the_cited_papers_once():
    near = refusal(stored("p9", title="Only near"))
    asked = exchange(stored("p1", title="One paper"), stored("p2", title="Two papers"))
    again = exchange(stored("p2", title="Two papers"))
    assert cited_only(to_bibtex(conversation(asked, near, again))) == [
        "one2024paper",
        "two2024papers",
    ]


@pytest.mark.parametrize("suffix", FORMATS)
def test_an_empty_conversation_has_every_format(suffix):
    assert isinstance(FORMATS[suffix](conversation()), str)


def test_an_answer_without_spans_or_a_readable_time_is_exported_too():
    made = exchange(stored())
    made.answer.sentences[0] = replace(made.answer.sentences[0], spans=())
    page = Page(to_html(conversation(replace(made, asked_at="<yesterday>"))))
    assert "title" not in page.all("a")[0] and "Asked <yesterday>" in page.texts["p"]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("What did RoBERTa change about BERT?", "what-did-roberta-change-about-bert.md"),
        ("../../etc/passwd", "etc-passwd.md"),
        ("Größe & Maß: 50 %", "grosse-mass-50.md"),
        ("王小明 🙂", "conversation.md"),
        ("", "conversation.md"),
        ("CON", "conversation-con.md"),
        ("nul\x00\x1b/\\:*?\"<>|", "conversation-nul.md"),
        ("word " * 50, "word-" * 11 + "wo.md"),
    ],
)  # fmt: skip
def test_names_are_safe(title, name):
    assert suggested_name(title, "md") == name
    assert len(suggested_name(title, "html")) <= 60


def test_writing_never_overwrites(tmp_path):
    paths = [write_new(tmp_path / "a.b.md", f"text {n} é") for n in range(3)]
    assert [path.name for path in paths] == ["a.b.md", "a.b-2.md", "a.b-3.md"]
    assert [path.read_text("utf-8") for path in paths] == [f"text {n} é" for n in range(3)]
    (tmp_path / "link.md").symlink_to(tmp_path / "elsewhere.md")
    assert write_new(tmp_path / "link.md", "x").name == "link-2.md"
    assert len(list(tmp_path.iterdir())) == 5


def test_writing_where_there_are_no_hard_links(tmp_path, monkeypatch):
    def refuse(source, target):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", refuse)
    assert [write_new(tmp_path / "a.md", str(n)).read_text() for n in range(2)] == ["0", "1"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a-2.md", "a.md"]


def test_a_write_that_fails_leaves_nothing(tmp_path, monkeypatch):
    def fail(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OutputUnwritable, match="No space left"):
        write_new(tmp_path / "a.md", "x")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["missing/a.md", "file/a.md", ".", "a\0b.md", "x" * 300, ""])
def test_places_that_cannot_be_written(tmp_path, name):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputUnwritable, match="cannot write"):
        write_new(tmp_path / name, "x")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_half_characters_do_not_stop_the_writing(tmp_path):
    assert write_new(tmp_path / "a.md", "a\ud800b").read_text("utf-8") == "a?b"
