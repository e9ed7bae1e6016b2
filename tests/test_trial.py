"""Language models on trial: what is measured, what follows from it, and where it is kept."""

import json
import re

import pytest
from support import ScriptedModel, no_progress

from assistant import catalog, measured, model_files
from assistant.attempts import FAULTS, judged, judged_in_paragraph, share
from assistant.config import Config
from assistant.errors import OutputUnwritable
from assistant.model import Work
from assistant.paragraphs import Claimed
from assistant.trial import Trial, cases, paragraph_cases, try_out

BUNDLED = catalog.find("smollm2-135m-instruct", "writer")[0]
CAREFUL = {
    "hedge": "A gap of two metres in the hedge halves the damage that late frost does to apple"
    " blossom.",
    "release": "The authors release the code, the models and the outlines of 2,350 harbour maps"
    " under a free licence.",
    "mixing": "Grain-Aware Mixing (GAM) chooses training sentences by how often their words occur"
    " in legal texts.",
    "index": "The folded index answers queries three times faster than a plain one.",
    "corpus": "The corpus holds 41,000 hours of speech in 17 languages.",
    "lantern": "Lantern reaches an accuracy of 83.4% with 12 million parameters.",
    "tiller": "Tiller needs far fewer samples than earlier planners on the same boats.",
    "valve": "The valve closes in 9 ms at 5 V.",
    "moss": "Moss trains on a single laptop in five hours because it updates only the last two"
    " layers.",
    "species": "The new schedule does not improve recall on rare species.",
    "dock": "Without the second camera, the rover never found its dock at night.",
    "spikes": "Neither larger batches nor a longer warm-up removed the loss spikes.",
    "ponds": "In most of the ponds, but not in those with salt, the sensor kept its calibration for"
    " up to 40 days.",
    "nurses": "A short sleep may help nurses to notice faint alarms, though the effect was small.",
    "clouds": "Street cameras forecast haze as well as the official stations do, provided that the"
    " sky is free of clouds.",
    "cedar": "Pine forgets its early tasks, while Cedar retains 91% of its skill on the first task"
    " after ten others.",
    "children": "Children read maps faster than adults do when the colours are used.",
    "dose": "Raising the dose of light lowered the error rate of the sorter from 6.2% to 4.9%.",
}
"""What a careful reader would write for each case."""
CAREFUL_PARAGRAPHS = {
    "kilns": "Ember cuts the use of gas by 18% on twelve kilns, while Cinder shortens the cooling"
    " of a kiln by 6 hours and saves no gas. [1][2] Cinder needs a sensor in every wall. [3]",
    "ferries": "Tern foretells delays of ferries with a mean error of 4.1 minutes on 90 routes. [1]"
    " In storms, its mean error rises to 11 minutes. [2] A table of past delays reaches a mean"
    " error of 6.5 minutes. [3]",
    "goats": "The collar kept 47 of 50 goats out of the orchard. [1] Sheep learned to heed the"
    " collar within three days, but lambs did not. [2]",
    "glue": "Casein glue held for at least ten years as long as the air stayed dry. [1] Half of the"
    " joints opened within two months above a humidity of 70%. [2]",
    "subtitles": "Subtitles of 20 characters a second did not lower the understanding of adults,"
    " but children understood less when subtitles ran at more than 12 characters a second. [1][2]",
    "compilers": "Programs compiled by Larch run 1.9 times faster than interpreted ones and take 40"
    " kB, while Alder starts a program in 3 ms, and its programs take 310 kB. [1][2]",
    "moths": "Moths avoid amber lamps because these give hardly any ultraviolet light. [1] Lamps"
    " that point downwards attract fewer moths than open ones. [3]",
    "tutors": "A voice raised the marks of beginners by 5 points and those of others not at all."
    " [2]",
    "rivers": "The authors present a camera that counts bottles and bags in rivers from bridges."
    " [1] A net of nylon held back 61% of the plastic in a canal. [3]",
    "vines": "Vines pruned in spring bore more grapes than vines pruned in winter in two of three"
    " years. [1]",
}


class TriedModel(ScriptedModel):
    """Writes what it is given, and has what a trial asks of a model besides."""

    name = "scripted"
    template = "{{ messages }}"

    def __init__(self, *replies):
        super().__init__(*replies)
        self.work = Work()

    def load(self):
        pass

    def reasons(self):
        return False


def put_on_trial(write, write_paragraph=lambda case: ""):
    replies = [*map(write, cases()), *map(write_paragraph, paragraph_cases())]
    return try_out(TriedModel(*replies), no_progress)


def paragraphs_on_trial(write_paragraph):
    return put_on_trial(lambda case: "", write_paragraph)


def case(name):
    return next(case for case in cases() if case.name == name)


def test_the_cases_are_of_every_kind_and_can_be_answered():
    found = cases()
    assert len(found) == len({case.name for case in found}) == len(CAREFUL)
    assert {case.tempts for case in found} == {"nothing", "number", "negation", "limit", "subject"}
    assert all(case.evidence.endswith(".") and case.question.endswith("?") for case in found)
    held = put_on_trial(lambda case: "").of("held")
    assert share(held, "kept") >= 0.5 and not any(share(held, fault) for fault in FAULTS)


def test_a_careful_reader_may_write_freely():
    found = put_on_trial(lambda case: CAREFUL[case.name])
    assert found.writes_freely and share(found.of("freely"), "kept") >= 0.5


def test_who_writes_careful_paragraphs_may_write_them():
    found = paragraphs_on_trial(lambda case: CAREFUL_PARAGRAPHS[case.name])
    own = found.of("paragraphs")
    assert found.writes_paragraphs and not found.writes_freely
    assert share(own, "kept") >= 0.5 and share(own, "merged") == share(own, "stray") == 0
    assert put_on_trial(lambda case: CAREFUL[case.name]).writes_paragraphs is False


@pytest.mark.parametrize(
    "write",
    [
        lambda said: "",
        lambda said: said.replace("[1]", "[2]"),
        lambda said: said.replace("[", "[9"),
        lambda said: said.replace("[1]", "").replace("[2]", "").replace("[3]", ""),
        lambda said: said.replace("s ", "s 77 "),
        lambda said: f"It is not true. [1] It was not so. [2] No. [1] {said}",
        lambda said: said.rpartition(".")[0],
    ],
    ids=["nothing", "merged", "stray", "unmarked", "numbers", "negations", "unfinished"],
)
def test_who_writes_careless_ones_may_not(write):
    found = paragraphs_on_trial(lambda case: write(CAREFUL_PARAGRAPHS[case.name]))
    assert not found.writes_paragraphs


def test_copies_are_no_paragraphs_worth_writing():
    found = paragraphs_on_trial(
        lambda case: " ".join(f"{note['text']} [{n}]" for n, note in enumerate(case.notes, 1))
    )
    assert share(found.of("paragraphs"), "copied") > 0.5 and not found.writes_paragraphs


@pytest.mark.parametrize(
    ("text", "numbers", "what"),
    [
        ("Ember cuts the use of gas by 18%.", (1,), {"merged": (), "stray": ()}),
        ("Ember cuts the use of gas by 18%.", (2,), {"merged": ("18",), "kept": False}),
        ("In kilns, Ember shortens the cooling by 6 hours.", (2,), {"merged": ("Ember",)}),
        ("Ember cuts the use of gas by 18%.", (1, 2), {"merged": (), "kept": False}),
        ("Ember cuts the use of gas by 18%.", (1, 4), {"stray": (4,), "kept": False}),
        ("Ember cuts the use of gas by 19%.", (1,), {"invented": ("19",), "merged": ()}),
        ("Ember cuts the use of gas by 18%.", (), {"unfinished": True, "kept": False}),
        ("Cinder needs a sensor in every wall", (3,), {"unfinished": True, "kept": False}),
        ("Cinder needs a sensor in every wall of the kiln.", (3,), {"copied": True}),
    ],
)
def test_faults_of_paragraphs_are_measured_and_not_guessed(text, numbers, what):
    (kilns,) = (case for case in paragraph_cases() if case.name == "kilns")
    found = judged_in_paragraph(kilns, Claimed(text, numbers), 0.0)
    assert {key: getattr(found, key) for key in what} == what


def test_the_cases_of_paragraphs_are_of_every_kind():
    found = paragraph_cases()
    assert {case.name for case in found} == set(CAREFUL_PARAGRAPHS) and len(found) == 10
    kinds = {"nothing", "number", "negation", "limit", "subject", "merge"}
    assert {case.tempts for case in found} == kinds
    assert all(len(case.notes) >= 2 for case in found)


@pytest.mark.parametrize(
    "write",
    [
        lambda case: "",
        lambda case: case.evidence,
        lambda case: CAREFUL[case.name].removesuffix("."),
        lambda case: CAREFUL[case.name].replace("s ", "s 77 ", 1),
        lambda case: f"It is not true. {CAREFUL[case.name]}",
        lambda case: "Sorting sorting sorting.",
    ],
    ids=["nothing", "copies", "unfinished", "numbers", "negations", "circles"],
)
def test_a_model_that_writes_so_is_held(write):
    assert not put_on_trial(write).writes_freely


def test_one_fault_alone_holds_a_model_back():
    good = [judged(case, "freely", CAREFUL[case.name], 0.0) for case in cases()]
    for fault in FAULTS:
        bad = [
            attempt if number > 4 else type(attempt)(**vars(attempt) | {fault: (1,)})
            for number, attempt in enumerate(good)
        ]
        figures = (10.0, 5.0, 1.0, None, True, "no", False)
        assert Trial(tuple(good), *figures).writes_freely
        assert not Trial(tuple(bad), *figures).writes_freely


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("lantern", "Lantern reaches 84% with 12 million parameters.", {"invented": ("84",)}),
        ("corpus", "The corpus holds 41,000 hours.", {"invented": ()}),
        ("release", "Maps of 2,350 harbours are released.", {"invented": ()}),
        ("hedge", "A gap does not halve the damage.", {"negation": True}),
        ("dock", "The rover found its dock at night.", {"negation": True}),
        ("dock", "The rover never found it without a camera.", {"negation": False}),
        ("moss", "Moss is a laptop, a laptop and a laptop.", {"circles": True}),
        ("moss", "Moss trains in five hours on a single", {"unfinished": True}),
        ("hedge", "A gap halves frost damage.", {"unfinished": False, "copied": False}),
        ("moss", cases()[8].evidence, {"copied": True, "kept": True, "circles": False}),
    ],
)
def test_faults_are_measured_and_not_guessed(name, text, what):
    found = judged(case(name), "freely", text, 0.0)
    assert {key: getattr(found, key) for key in what} == what


def test_work_is_counted_by_the_second():
    assert (Work().read_per_second, Work(10, 2.0, 6, 3.0).written_per_second) == (0.0, 2.0)
    assert Work(10, 2.0, 6, 3.0).read_per_second == 5.0


def test_what_was_measured_is_kept_until_measured_again():
    assert measured.writes_freely("a") is None
    measured.keep("a", {"writes_freely": True})
    measured.keep("b", {"writes_freely": False})
    assert [measured.writes_freely(sha256) for sha256 in "abc"] == [True, False, None]
    measured.keep("a", {"writes_freely": False})
    assert measured.writes_freely("a") is False
    assert measured.writes_paragraphs("a") is None  # older checks did not measure it
    measured.keep("a", {"writes_freely": False, "writes_paragraphs": True})
    assert measured.writes_paragraphs("a") is True
    for text in ("{", "[]", '{"a": 5}'):
        measured.file().write_text(text)
        assert measured.writes_freely("a") is None
    measured.file().unlink()
    measured.file().mkdir()
    with pytest.raises(OutputUnwritable, match=r"checks\.json"):
        measured.keep("a", {"writes_freely": True})


def test_an_unknown_model_is_held_until_it_was_checked(tmp_path):
    path = tmp_path / "mine.gguf"
    path.symlink_to(BUNDLED)
    settings = Config(model=str(path))
    found = model_files.writer(settings, no_progress)
    assert (found.writes_freely, found.manner) == (False, "not checked yet")
    for freely, manner in ((True, ""), (False, "held to rewordings")):
        measured.keep(found.sha256, {"writes_freely": freely})
        again = model_files.writer(settings, no_progress)
        assert (again.writes_freely, again.manner) == (freely, manner)


def test_what_was_measured_is_taken_before_what_the_catalogue_says():
    small = catalog.known_models()["smollm2-135m-instruct"]
    assert model_files.manner(small.name, small.sha256) == (False, "very small")
    assert model_files.manner("qwen2.5-1.5b-instruct", "a") == (True, "")
    measured.keep(small.sha256, {"writes_freely": True})
    measured.keep("a", {"writes_freely": False})
    assert model_files.manner(small.name, small.sha256) == (True, "")
    assert model_files.manner("qwen2.5-1.5b-instruct", "a") == (False, "held to rewordings")


def test_paragraphs_are_written_if_they_were_found_good_or_are_wished_for(tmp_path):
    path = tmp_path / "mine.gguf"
    path.symlink_to(BUNDLED)

    def writes_paragraphs(writing):
        return model_files.writer(
            Config(model=str(path), writing=writing), no_progress
        ).writes_paragraphs

    ways = ("auto", "paragraphs", "sentences")
    assert [writes_paragraphs(way) for way in ways] == [False, True, False]
    digest = model_files.writer(Config(model=str(path)), no_progress).sha256
    for found, expected in ((True, [True, True, False]), (False, [False, True, False])):
        measured.keep(digest, {"writes_freely": False, "writes_paragraphs": found})
        assert [writes_paragraphs(way) for way in ways] == expected


def test_a_servers_model_is_not_checked(command_line, monkeypatch):
    monkeypatch.setenv("ASSISTANT_ENDPOINT", "http://127.0.0.1:1/v1")
    code, _, err = command_line("models", "check")
    assert code == 2 and "a server's model is not checked" in err


@pytest.mark.model
def test_the_small_model_is_measured_and_held(command_line):
    code, out, _ = command_line("models", "check", "--json")
    found = json.loads(out)
    assert code == 0 and not found["writes_freely"] and not found["writes_paragraphs"]
    assert found["paragraphs"]["sentences"] >= 10 and found["paragraphs"]["stray"] == 0
    assert found["paragraphs"]["kept"] < 0.2
    own, held = found["freely"], found["held"]
    assert own["kept"] < 0.2 and held["kept"] >= 0.5
    assert own["invented"] > 0 and own["negation"] > 0 and not held["invented"]
    assert found["read_per_second"] > found["written_per_second"] > 1
    assert 100 < found["peak_memory_mb"] < 20_000
    assert (found["has_template"], found["thinking"], found["reasons_anyway"]) == (
        True,
        "no",
        False,
    )
    sentences = found["paragraphs"]["sentences"]
    assert len(found["attempts"]) == 2 * len(cases()) + sentences
    assert measured.writes_freely(found["sha256"]) is False
    code, out, _ = command_line("models", "info")
    assert "held to rewordings" in out and re.search("writes_paragraphs +False", out)


@pytest.mark.model
def test_a_model_that_nobody_measured_is_said_once(papers, tmp_path, command_line):
    path = tmp_path / "mine.gguf"
    path.symlink_to(BUNDLED)
    assert command_line("models", "add", path)[0] == 0
    question = "How much of a 7B model's accuracy is kept when whole layers are removed?"
    (tmp_path / "q.jsonl").write_text(json.dumps({"question": question}))
    ways = [[question], [question, "--json"], ["--batch", tmp_path / "q.jsonl", "--jsonl"]]
    for arguments in ways:
        code, out, err = command_line("--library", papers, "ask", *arguments, "--model", "mine")
        assert code == 0, (out, err)
        assert err.count("assistant models check mine") == 1, err
    assert command_line("models", "check", "mine")[0] == 0
    code, out, err = command_line("--library", papers, "ask", question, "--model", "mine")
    assert code == 0, (out, err)
    assert "models check" not in err and "mine (held to rewordings) and checked" in err


@pytest.mark.parametrize("text", ['{"a": {}}', '{"a": 5}', "[1]", "[" * 100_000, "x"])
def test_what_cannot_be_read_counts_as_not_measured(text):
    measured.keep("a", {"writes_freely": True})
    measured.file().write_text(text)
    assert measured.writes_freely("a") is None
