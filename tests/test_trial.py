"""Language models on trial: what is measured, what follows from it, and where it is kept."""

import json

import pytest
from support import ScriptedModel, no_progress

from assistant import catalog, measured, model_files
from assistant.config import Config
from assistant.errors import OutputUnwritable
from assistant.model import Work
from assistant.trial import FAULTS, Trial, cases, judged, share, try_out

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


def put_on_trial(write):
    return try_out(TriedModel(*map(write, cases())), no_progress)


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


def test_a_servers_model_is_not_checked(command_line, monkeypatch):
    monkeypatch.setenv("ASSISTANT_ENDPOINT", "http://127.0.0.1:1/v1")
    code, _, err = command_line("models", "check")
    assert code == 2 and "a server's model is not checked" in err


@pytest.mark.model
def test_the_small_model_is_measured_and_held(command_line):
    code, out, _ = command_line("models", "check", "--json")
    found = json.loads(out)
    assert code == 0 and not found["writes_freely"]
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
    assert len(found["attempts"]) == 2 * len(cases())
    assert measured.writes_freely(found["sha256"]) is False
    code, out, _ = command_line("models", "info")
    assert "held to rewordings" in out


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
