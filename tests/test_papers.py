import pytest

from assistant.papers import Paper, clean_text, normalise_arxiv_id, normalise_doi, title_key


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://doi.org/10.1000/ABC.1", "10.1000/abc.1"),
        ("doi:10.1000/x)", "10.1000/x"),
        ("no doi", None),
        (None, None),
    ],
)
def test_doi(text, expected):
    assert normalise_doi(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("arXiv:2101.00001v2", "2101.00001"),
        ("https://arxiv.org/abs/2101.00001v11", "2101.00001"),
        ("https://arxiv.org/pdf/hep-th/9901001.pdf", "hep-th/9901001"),
        ("0704.0001", "0704.0001"),
        ("W2101000012", None),
        ("12101.00001", None),
        ("https://pubmed.ncbi.nlm.nih.gov/1234567", None),
        ("https://example.org/paper/1234567", None),
        ("arXiv:math.GT/0309136", "math.gt/0309136"),
    ],
)
def test_arxiv_id(text, expected):
    assert normalise_arxiv_id(text) == expected


def test_title_key_folds_case_space_and_punctuation():
    assert title_key("Train 'n Trade:  Foundations") == title_key("TRAIN N TRADE foundations")
    assert title_key("???") != title_key("!!!")
    assert title_key("Learning C++") != title_key("Learning C")


def test_control_characters_go_and_text_stays():
    assert clean_text("a\x1b[31mb\x00c\r\n\td\x85e") == "a[31mbc\n\tde"


def test_id_prefers_the_most_certain_key():
    by_title = Paper("A title", "text")
    assert by_title.id == Paper("a TITLE!", "other").id
    assert Paper("A", "x", doi="10.1/x").id == Paper("B", "y", doi="10.1/x").id
    assert Paper("A title", "x", doi="10.1/x").link == "https://doi.org/10.1/x"
    assert by_title.link is None
