import pytest

from assistant.library import StoredPaper
from assistant.named_papers import named
from assistant.papers import Paper
from assistant.sentences import split_sentences


def stored(title, abstract):
    paper = Paper(title, abstract)
    return StoredPaper(paper.id, paper, tuple(split_sentences(abstract)))


FIR = stored("FiR: Tall Stems for Wet Soils", "Stems are grown. They beat OAK by 3 metres.")
OAK = stored("Crowns That Spread", "We propose a wide and flat crown, called OAK, for dry soils.")
ELM = stored("On Dying Elms", "ELM-2 trees die young. The ELM-2 trees are felled.")
ADAPTERS = stored("Adapters: A Library", "It holds all of them.")
PAPERS = [FIR, OAK, ELM, ADAPTERS]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How do OAK and FiR differ?", [OAK, FIR]),
        ("Is ELM-2 older than FiR?", [ELM, FIR]),
        ("How do ELM trees grow?", []),
        ("What do Adapters hold, compared with OAK?", [ADAPTERS, OAK]),
        ("Adapters of which kind are there?", []),
        ("Does FiR beat FiR?", [FIR]),
        ("Which stems are tall?", []),
        ("Is FiR tall AND slim?", [FIR]),
        ("ARE OAK CROWNS WIDE, AND IS FIR TALL?", [FIR]),
    ],
)
def test_papers_are_known_by_what_they_name(question, expected):
    assert named(question, PAPERS) == expected


def test_a_paper_with_a_name_of_its_own_is_not_called_by_another():
    praised = stored("FiR: Stems", "We present FiR, better than OAK. OAK is slow. OAK is old.")
    assert named("How fast is OAK?", [praised]) == []
