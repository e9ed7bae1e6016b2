"""Texts -> unit vectors with sentence-transformers, and its export, which is ready sooner."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import warnings
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import encoder_export, encoder_graph
from assistant.errors import ModelUnusable
from assistant.fingerprint import remembered_sha256
from assistant.late_interaction import EncodedText, unit
from assistant.sentences import Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

BATCH = 16


class SentenceEncoder:
    """A sentence-transformers model on the CPU; loads on first use, which takes seconds."""

    def __init__(self, folder: Path, name: str, graph: Path | None = None) -> None:
        """``folder`` holds the model; ``name`` is how messages and the index call it.

        ``graph`` is the file of its graph (``encoder_graph``), if there is one.
        """
        self.folder = folder
        self.name = name
        self.graph = graph
        self._tokenizer: Any = None

    @cached_property
    def sha256(self) -> str:
        """Digest of the model's weights.

        Raises ``ModelUnusable`` if the folder has none.
        """
        return weights_sha256(self.folder)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, shape ``(len(texts), dimension)``; long texts are cut by the model."""
        vectors: NDArray[np.float32] = self._model.encode_document(
            list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return vectors

    def encode_chunks(self, texts: Sequence[str]) -> list[EncodedText]:
        """Each text as a whole and word piece by word piece; long texts are cut by the model."""
        import numpy as np

        prompt = self._model.prompts.get("document") or ""
        made: list[dict[str, Any]] = self._model.encode_document(
            list(texts), batch_size=BATCH, output_value=None, show_progress_bar=False
        )
        encoded = []
        for text, features in zip(texts, made, strict=True):
            vector = features["sentence_embedding"].numpy()
            spans = self._spans(prompt + text, len(prompt))
            pieces = np.zeros((0, len(vector)), dtype=np.float32)
            if "token_embeddings" in features:
                pieces = features["token_embeddings"].numpy()[: len(spans)]
            spans = spans[: len(pieces)]
            encoded.append(EncodedText(unit(vector), unit(pieces), spans))
        return encoded

    def _spans(self, text: str, prompt: int) -> list[Span]:
        """The characters of each word piece, counted after a prompt of so many characters."""
        from tokenizers import Tokenizer

        if self._tokenizer is None:
            self._tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
            self._tokenizer.enable_truncation(self._model.max_seq_length)
        spans = self._tokenizer.encode(text).offsets
        return [(max(0, start - prompt), max(0, end - prompt)) for start, end in spans]

    def export(self) -> Path:
        """Write the model as ONNX into the cache, checked against the model; return the folder.

        From the graph if one was given, else by torch, which takes much longer. Raises
        ``ModelUnusable`` if the exported file does not give the same vectors.
        """
        target = encoder_export.export_dir(self.sha256)
        if self.graph:
            with contextlib.suppress(ModelUnusable):  # other weights than the graph was made from
                return encoder_export.make(target, self.name, self._fill_graph)
        return encoder_export.make(target, self.name, self.write_onnx)

    @cached_property
    def _model(self) -> SentenceTransformer:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
        disable_progress_bar()
        try:
            return SentenceTransformer(str(self.folder), device="cpu", local_files_only=True)
        except Exception as error:  # a damaged file fails in any of four libraries
            raise ModelUnusable(
                f"{self.folder} is not a sentence-transformers model: {str(error)[:200]}",
                "assistant models list prints the known encoders",
            ) from error

    def _fill_graph(self, folder: Path) -> None:
        assert self.graph
        encoder_graph.fill(self.graph, self.folder / "model.safetensors", folder)
        shutil.copy(self.folder / "tokenizer.json", folder / "tokenizer.json")

    def write_onnx(self, folder: Path) -> None:
        """Write what an export holds, by torch."""
        import torch

        model = self._model

        class Pooled(torch.nn.Module):  # type: ignore[misc]
            """Word pieces -> unit vectors of text and pieces, by all of the model's modules."""

            def __init__(self) -> None:
                super().__init__()
                self.encoder = model

            def forward(self, input_ids: Any, attention_mask: Any) -> Any:
                features = {"input_ids": input_ids, "attention_mask": attention_mask}
                made = self.encoder(features)
                vectors = torch.nn.functional.normalize(made["sentence_embedding"], dim=1)
                if "token_embeddings" not in made:
                    return vectors, vectors[:, None, :0]
                return vectors, torch.nn.functional.normalize(made["token_embeddings"], dim=2)

        features = model.preprocess(["two texts of", "unequal length"])
        inputs = (features["input_ids"], features["attention_mask"])
        axes = {0: "texts", 1: "pieces"}
        with torch.inference_mode(), _quiet():
            torch.onnx.export(
                Pooled().eval(),
                inputs,
                str(folder / "model.onnx"),
                input_names=["input_ids", "attention_mask"],
                output_names=["vector", "pieces"],
                dynamic_axes={
                    "input_ids": axes,
                    "attention_mask": axes,
                    "vector": {0: "texts"},
                    "pieces": axes,
                },
                opset_version=17,
                dynamo=False,  # the newer exporter needs one more package and ten times as long
            )
        shutil.copy(self.folder / "tokenizer.json", folder / "tokenizer.json")
        questions = model.encode_query(list(encoder_export.PROBES), normalize_embeddings=True)
        facts = {
            "max_pieces": model.max_seq_length,
            "prompt": model.prompts.get("query") or "",
            "paper_prompt": model.prompts.get("document") or "",
            "questions": encoder_export.pack(questions),
            "papers": encoder_export.pack(self.encode(encoder_export.PROBES)),
        }
        (folder / "export.json").write_text(json.dumps(facts))


def weights_sha256(folder: Path) -> str:
    """Digest of the weights in a sentence-transformers folder.

    Raises ``ModelUnusable`` if there are none.
    """
    for name in ("model.safetensors", "pytorch_model.bin"):
        if (folder / name).is_file():
            return remembered_sha256(folder / name)
    raise ModelUnusable(
        f"{folder} holds no encoder weights (model.safetensors)",
        "give the folder of a sentence-transformers model",
    )


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """The exporter warns at length about things that the check afterwards settles."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
