from assistant.claims.acronyms import expansions, spelled_out

TEXT = "We treat acute kidney injury (AKI) by convex optimization of doses (COD) and (see Fig. 2)."


def test_an_acronym_behind_its_words_is_found_with_them():
    assert expansions(TEXT)["AKI"] == "acute kidney injury"
    assert expansions("graph neural networks (GNNs)") == {"GNN": "graph neural networks"}
    assert expansions("in a large trial (USA), and (Fig. 3)") == {}


def test_words_stand_in_place_of_it():
    short = {"AKI": "acute kidney injury"}
    assert spelled_out("AKI is common.", short) == "acute kidney injury is common."
    assert spelled_out("acute kidney injury (AKI) kills", short) == "acute kidney injury kills"
    assert spelled_out("NAKI and AKI-2", short) == "NAKI and acute kidney injury-2"
