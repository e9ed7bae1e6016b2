"""What loads torch itself; in one file, as importing it takes longer than all of these tests."""

import json
import string

import numpy as np
import pytest
from support import WordsEncoder, no_progress

from assistant import catalog, indexing
from assistant.config import Config
from assistant.doctor import examine
from assistant.encoder import SentenceEncoder
from assistant.encoder_export import export_dir
from assistant.entailing import Entailment
from assistant.errors import ModelUnusable
from assistant.exported_encoder import ExportedEncoder
from assistant.reranking import RerankedRetriever, Reranker
from assistant.retrieval import Retriever

pytestmark = [
    pytest.mark.model,
    # the exporter of torch and the native parts of these libraries warn about themselves
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning"),
]
QUESTION = "How many layers of a language model does Ladder Pruning remove?"


TEXTS = ["Short.", "What does Tides do?", "word " * 400, "Ünïcode – and 78.3% of it"]


@pytest.fixture(scope="module")
def encoder():
    folder, _ = catalog.find("all-minilm-l6-v2", "encoder")
    return SentenceEncoder(folder, "all-minilm-l6-v2")


def test_the_export_gives_the_vectors_of_the_encoder(papers, encoder):
    """The one in the cache, which is made from the graph in ``models/``."""
    exporter = ExportedEncoder(export_dir(encoder.sha256))
    assert exporter.encodes_papers
    exported = exporter.encode(TEXTS)
    expected = encoder.encode(TEXTS)
    assert (exported * expected).sum(axis=1).min() > 0.9999
    assert np.linalg.norm(exported, axis=1) == pytest.approx(1, abs=1e-5)
    for own, other in zip(exporter.encode_chunks(TEXTS), encoder.encode_chunks(TEXTS), strict=True):
        words = [n for n, (start, end) in enumerate(own.spans) if start < end]
        assert [own.spans[n] for n in words] == [s for s in other.spans if s[0] < s[1]]
        assert (own.pieces[words] * other.pieces[words]).sum(axis=1).min() > 0.999


@pytest.mark.exhaustive
def test_torch_exports_the_same(encoder, tmp_path, monkeypatch):
    monkeypatch.setenv("ASSISTANT_CACHE", str(tmp_path))
    by_torch = ExportedEncoder(encoder.export())
    assert (by_torch.encode(TEXTS) * encoder.encode(TEXTS)).sum(axis=1).min() > 0.9999


def cross_encoder(folder, labels=1, names=None):
    """A cross-encoder with random weights that knows letters."""
    from transformers import BertConfig, BertForSequenceClassification

    folder.mkdir()
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *string.ascii_lowercase]
    tokens += [f"##{letter}" for letter in string.ascii_lowercase]
    (folder / "vocab.txt").write_text("\n".join(tokens))
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "BertTokenizer", "do_lower_case": True})
    )
    config = BertConfig(
        vocab_size=len(tokens),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        initializer_range=0.8,
        num_labels=labels,
        **({"id2label": dict(enumerate(names))} if names else {}),
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


def test_a_real_cross_encoder_orders(library, index, tmp_path):
    from sentence_transformers import CrossEncoder

    indexing.index_waiting(library, index, WordsEncoder(), no_progress)
    retriever = Retriever(library, index, WordsEncoder())
    folder = cross_encoder(tmp_path / "ranker")
    hits = RerankedRetriever(retriever, Reranker(folder)).search(QUESTION, 6)
    texts = [f"{hit.stored.paper.title}\n{hit.stored.paper.abstract}" for hit in hits]
    scores = CrossEncoder(str(folder), device="cpu").predict([(QUESTION, text) for text in texts])
    assert len(set(scores)) == 6
    assert scores.tolist() == sorted(scores.tolist(), reverse=True)
    found = {finding.what: finding.ok for finding in examine(Config(reranker=str(folder)))}
    assert found[f"reranker {folder}"]


def test_what_is_no_reranker_is_refused(tmp_path):
    with pytest.raises(ModelUnusable, match="not a folder with a model"):
        Reranker(tmp_path)
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelUnusable, match="not a cross-encoder"):
        Reranker(tmp_path).scores("What?", ["This."])
    with pytest.raises(ModelUnusable, match="gives 3 numbers"):
        Reranker(cross_encoder(tmp_path / "three", labels=3)).scores("What?", ["This.", "That."])
    found = {finding.what: finding for finding in examine(Config(reranker=str(tmp_path)))}
    assert not found[f"reranker {tmp_path}"].ok


def test_a_real_cross_encoder_tells_what_follows(tmp_path):
    from sentence_transformers import CrossEncoder

    folder = cross_encoder(tmp_path / "nli", 3, ["CONTRADICTION", "ENTAILMENT", "NEUTRAL"])
    entailment = Entailment(folder)
    pairs = [(a, b) for a in ("red ink fades", "blue") for b in ("ink", "it rains", "a b c", "x")]
    numbers = CrossEncoder(str(folder), device="cpu").predict(pairs)
    expected = [int(row.argmax()) == 1 for row in numbers]
    assert [entailment.follows(*pair) for pair in pairs] == expected
    found = {finding.what: finding.ok for finding in examine(Config(entailment=str(folder)))}
    assert found[f"entailment {folder}"]


def test_what_tells_no_entailment_is_refused(tmp_path):
    with pytest.raises(ModelUnusable, match=r"the entailment .* is not a folder"):
        Entailment(tmp_path)
    folder = cross_encoder(tmp_path / "other", 3, ["good", "bad", "neutral"])
    with pytest.raises(ModelUnusable, match="tells apart good, bad, neutral"):
        Entailment(folder).follows("This.", "That.")
    found = {finding.what: finding for finding in examine(Config(entailment=str(folder)))}
    assert not found[f"entailment {folder}"].ok
