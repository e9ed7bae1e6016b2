import re
from dataclasses import replace

import bibtexparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text
from pylatexenc.latexwalker import LatexWalker

from assistant.bibliography import bibtex, citation
from assistant.citation_keys import keys
from assistant.latex import keep_capitals, latex
from assistant.links import web_address
from assistant.papers import Paper

PAPER = Paper(
    "Attention Is All You Need",
    "We propose the Transformer.",
    authors=("Ashish Vaswani", "Noam Shazeer"),
    year=2017,
    arxiv_id="1706.03762",
)
HOSTILE = [
    "}} unbalanced {",
    "@misc{evil, title = {x}}",
    "a\n@article{evil,\n title={x}}\n",
    "ends with a backslash \\",
    "\\} \\{ \\\\{ \\\\}",
    "\\input{/etc/passwd} \\immediate\\write18{rm -rf /}",
    '"quoted", = # % & _ ~ ^ $',
    "$x^a^b$ $\\frac$ $$ $ $\\begin{x}$ $%$",
    "\x1b[31mred\x1b[0m \x07 \x9b2J \u202eevil\u202c",
    "<script>alert(1)</script> </pre> ```",
    "שלום עולם 🙂 مرحبا 王小明",
    "{" * 3000,
    "}" * 3000 + "{" * 3000,
    "\\hat{%" * 1500 + "}" * 1500,
    "{" * 2000 + "A" * 6000 + "}" * 2000,
    "$" * 9999,
    "$" + "{a}" * 3000 + "$",
    "A" * 10_000,
    "{" + "A" * 9_000 + "%}",
]
awkward = st.text(alphabet="aB 1%&_#$\\{}~^\"',=@()[]<>|\n\t\x00é王\u202e", max_size=60)


def parsed(papers):
    """The entries of the text, proved whole: nothing failed, nothing between them, braces even."""
    text = bibtex(papers)
    library = bibtexparser.parse_string(text)
    assert not library.failed_blocks and not library.comments
    assert len(library.blocks) == len(library.entries)
    for entry in library.entries:
        assert re.fullmatch(r"[a-z0-9]+", entry.key)
        for field in entry.fields:
            depth = 0
            for char in field.value:  # as BibTeX counts: a backslash hides nothing
                depth += (char == "{") - (char == "}")
                assert depth >= 0, field.value
            assert depth == 0, field.value
    return library.entries


def fields(paper):
    (entry,) = parsed([paper])
    return {field.key: field.value for field in entry.fields} | {"type": entry.entry_type}


def shown(text):
    return " ".join(LatexNodes2Text().latex_to_text(text).split())


def test_a_preprint_has_what_is_known_and_nothing_else():
    assert fields(PAPER) == {
        "type": "misc",
        "title": "Attention {Is All You Need}",
        "author": "Ashish Vaswani and Noam Shazeer",
        "year": "2017",
        "eprint": "1706.03762",
        "archivePrefix": "arXiv",
        "url": "https://arxiv.org/abs/1706.03762",
    }


def test_a_title_alone_is_an_entry():
    assert fields(Paper("tides", "x", author_count=4)) == {"type": "misc", "title": "tides"}
    assert bibtex([]) == ""


@pytest.mark.parametrize(
    ("venue", "kind", "field"),
    [
        ("Journal of Bees & Trees", "article", "journal"),
        ("IEEE Transactions on Tides", "article", "journal"),
        ("37th Conference on Drones", "inproceedings", "booktitle"),
        ("Nature", "misc", "howpublished"),
    ],
)
def test_the_venue_decides_the_type_only_where_it_says_so(venue, kind, field):
    found = fields(replace(PAPER, venue=venue, doi="10.1000/bees_1"))
    assert found["type"] == kind and found[field] == venue.replace("&", "\\&")
    assert found["doi"] == "10.1000/bees_1" and found["url"] == "https://doi.org/10.1000/bees_1"


def test_an_arxiv_venue_is_not_said_twice():
    assert "howpublished" not in fields(replace(PAPER, venue="arXiv preprint"))


def test_a_synopsis_says_so_and_only_web_addresses_are_kept():
    paper = Paper("x", "y", kind="synopsis", url="javascript:alert(1)")
    assert "synopsis" in fields(paper)["note"] and "url" not in fields(paper)


def test_names_that_bibtex_would_take_apart():
    authors = ("Procter and Gamble", "Lee, Ann", "a, b, c, d", "{OpenAI}", "\x1b", "et al.")
    expected = "{Procter and Gamble} and Lee, Ann and {a, b, c, d} and {OpenAI} and others"
    assert fields(replace(PAPER, authors=authors))["author"] == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        (r"$\alpha$-divergence", r"$\alpha$-divergence"),
        (r"caf{\'e} na\"ive \c{c} \v s", r"caf{\'e} na\"ive \c{c} \v s"),
        (r"the {BERT} model", "the {BERT} model"),
        (r"{\em very} \textbf{big}", r"{\em very} \textbf{big}"),
        (r"already 5\% \& \_", r"already 5\% \& \_"),
        (r"on ScaledGD(\lambda)", r"on {ScaledGD($\lambda$)}"),
        (r"costs $5 and $10", r"costs \$5 and \$10"),
        (r"sets {a, b}", r"sets $\lbrace$a, b$\rbrace$"),
        (r"\input{x}", r"\textbackslash{}input$\lbrace$x$\rbrace$"),
        (r"$\input{x}$", r"\$\textbackslash{}input$\lbrace$x$\rbrace$\$"),
        (r"{\'E}tude", r"{{\'E}tude}"),
        (r"\'Etude", r"{{\'Etude}}"),
        ("from BERT to muTransfer now", "from {BERT} to {muTransfer} now"),
        ("Über Straßen", "Über {Straßen}"),
    ],
)
def test_latex_survives_and_capitals_stay(title, expected):
    assert keep_capitals(latex(title)) == expected
    assert latex(latex(title)) == latex(title)


@pytest.mark.parametrize("title", HOSTILE, ids=lambda title: ascii(title[:20]))
def test_hostile_text_in_every_field(title):
    found = fields(
        Paper(title, title, (title, title), 1, title, 2020, doi=title, url=title, venue=title)
    )
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e]", "".join(found.values()))
    assert "\n" not in citation(Paper(title, title, authors=(title,)))


@settings(max_examples=400, deadline=None)
@given(st.lists(awkward, min_size=1, max_size=4, unique=True))
def test_one_entry_for_each_paper_whatever_the_titles(titles):
    entries = parsed([Paper(title, "x", authors=(title,), venue=title) for title in titles])
    assert len(entries) == len({entry.key for entry in entries}) == len(titles)


@settings(max_examples=400, deadline=None)
@given(st.one_of(awkward, st.text(max_size=60)))
def test_any_text_becomes_latex_that_reads_to_its_end(title):
    LatexWalker(keep_capitals(latex(title)), tolerant_parsing=False).get_latex_nodes()


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet="ab c%&_#{}~^<>|é", max_size=40))
def test_text_without_latex_is_shown_as_it_was(title):
    assert shown(keep_capitals(latex(title))).replace("ˆ", "^") == " ".join(title.split())


@pytest.mark.parametrize(
    ("paper", "key"),
    [
        (PAPER, "vaswani2017attention"),
        (replace(PAPER, authors=("Kaiser, Łukasz Jr.",)), "kaiser2017attention"),
        (replace(PAPER, authors=(r"Kurt G{\"o}del",)), "godel2017attention"),
        (replace(PAPER, authors=("Davis Jr.",)), "davis2017attention"),
        (replace(PAPER, authors=(), organisation="Harbour Institute"), "harbour2017attention"),
        (replace(PAPER, authors=(), year=None), "attentionall"),
        (Paper(r"An {\'E}tude", "x", ("王小明",)), "etude"),
        (Paper("王小明", "x"), Paper("王小明", "x").id),
        (Paper("", "", year=2020), Paper("", "").id),
    ],
)
def test_keys(paper, key):
    assert keys([paper]) == [key]


def test_keys_that_collide_get_letters_in_any_order_the_same():
    papers = [replace(PAPER, arxiv_id=f"2101.0000{n}") for n in range(3)]
    other = replace(PAPER, title="Attentiona", arxiv_id="2101.00009")
    made = keys([*papers, other])
    assert made[3] == "vaswani2017attentiona"
    assert sorted(made[:3]) == [f"vaswani2017attention{letter}" for letter in "bcd"]
    assert keys([other, *papers[::-1]]) == made[::-1]


def test_equal_papers_are_one_entry():
    assert len(parsed([PAPER, replace(PAPER)])) == 1


@pytest.mark.parametrize(
    ("paper", "line"),
    [
        (
            PAPER,
            "Ashish Vaswani, Noam Shazeer (2017). Attention Is All You Need. "
            "https://arxiv.org/abs/1706.03762",
        ),
        (
            Paper("Why?", "x", tuple("abcd"), year=2020, venue="V."),
            "a, b, c et al. (2020). Why? V.",
        ),
        (Paper("T", "x", ("Lee, Ann", "Bo")), "Lee, Ann; Bo. T."),
        (Paper("T", "x", year=2020), "T (2020)."),
        (Paper("T", "x", organisation="Harbour Institute"), "Harbour Institute. T."),
        (Paper("a\x1b[31m\nb", "x"), "a[31m b."),
    ],
)
def test_a_citation_is_one_line_of_what_is_known(paper, line):
    assert citation(paper) == line


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://a.org/b?c=d#e", "https://a.org/b?c=d#e"),
        ("HTTP://a.org", "HTTP://a.org"),
        ('https://a.org/"><script>', "https://a.org/%22%3E%3Cscript%3E"),
        ("https://a.org/ü b", "https://a.org/%C3%BC%20b"),
        ("javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("//a.org", None),
        ("https://", None),
        ("https://[", None),
        (None, None),
    ],
)
def test_only_web_addresses_are_links(text, address):
    assert web_address(text) == address
