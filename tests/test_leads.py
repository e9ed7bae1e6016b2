import pytest

from assistant.leads import leads, without_leads


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("However, the dredger digs.", "the dredger digs."),
        (
            "(2) For retained blocks, weights are shared.",
            "For retained blocks, weights are shared.",
        ),
        ("To address these problems, we dig.", "we dig."),
        ("Finally, in this paper, we dig.", "we dig."),
        ("In this paper we dig.", "we dig."),
        ("(1) dig, (2) fill.", "(1) dig, (2) fill."),
        ("On ImageNet, we dig.", "On ImageNet, we dig."),
        ("However the dredger digs, it digs.", "However the dredger digs, it digs."),
        ("To address floods, we dig.", "To address floods, we dig."),
        ("", ""),
    ],
)
def test_what_leads_over_is_told_from_the_statement(text, left):
    assert without_leads(text) == left


def test_each_lead_ends_behind_the_one_before():
    assert list(leads("(2) Moreover, in this paper, we dig.")) == [4, 14, 29]
