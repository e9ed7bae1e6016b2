"""Texts -> unit vectors with sentence-transformers, and its export for encoding questions."""

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

from assistant.config import cache_dir
from assistant.errors import ModelUnusable
from assistant.fingerprint import remembered_sha256

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

BATCH = 16
PARITY = 0.9999
"""The least cosine between the export and the encoder for the export to be used."""

_PROBES = (
    "How many parameters does the model have?",
    "Fine-tuning",
    "The method reaches 78.3% accuracy on ImageNet with 413M multiply-adds (see Eq. 2).",
    "We study the convergence of stochastic gradient descent. " * 12,
)


class SentenceEncoder:
    """A sentence-transformers model on the CPU; loads on first use, which takes seconds."""

    def __init__(self, folder: Path, name: str) -> None:
        """``folder`` holds the model; ``name`` is how messages and the index call it."""
        self.folder = folder
        self.name = name

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

    def export(self) -> Path:
        """Write the model as ONNX into the cache, check it against the model, return the folder.

        Raises ``ModelUnusable`` if the exported file does not give the same vectors.
        """
        from assistant.question_encoder import QuestionEncoder

        target = export_dir(self.sha256)
        fresh = target.with_name(f"{target.name}.{os.getpid()}")
        shutil.rmtree(fresh, ignore_errors=True)
        try:
            fresh.mkdir(parents=True)
            self._write_onnx(fresh)
            encoded = QuestionEncoder(fresh).encode_all(_PROBES)
            expected = self._model.encode_query(list(_PROBES), normalize_embeddings=True)
            cosine = float((encoded * expected).sum(axis=1).min())
            if cosine < PARITY:
                raise ModelUnusable(
                    f"the export of {self.name} differs from it (cosine {cosine:.4f})",
                    "choose another encoder",
                )
            facts = json.loads((fresh / "export.json").read_text("utf-8"))
            (fresh / "export.json").write_text(json.dumps(facts | {"cosine": round(cosine, 6)}))
            shutil.rmtree(target, ignore_errors=True)
            fresh.replace(target)
        except RuntimeError as error:  # the exporter's message can hold whole tensors
            raise ModelUnusable(
                f"{self.name} cannot be exported: {str(error)[:100]}", "choose another encoder"
            ) from error
        except OSError as error:
            raise ModelUnusable(
                f"cannot write the exported encoder to {target}: {error.strerror}",
                "check permissions and free disk space, or set ASSISTANT_CACHE",
            ) from error
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        return target

    @cached_property
    def _model(self) -> SentenceTransformer:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
        disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            return SentenceTransformer(str(self.folder), device="cpu", local_files_only=True)
        except Exception as error:  # a damaged file fails in any of four libraries
            raise ModelUnusable(
                f"{self.folder} is not a sentence-transformers model: {str(error)[:200]}",
                "assistant models list prints the known encoders",
            ) from error

    def _write_onnx(self, folder: Path) -> None:
        import torch

        model = self._model

        class Pooled(torch.nn.Module):
            """Word pieces -> one unit vector a text, through all of the model's own modules."""

            def __init__(self) -> None:
                super().__init__()
                self.encoder = model

            def forward(self, input_ids: Any, attention_mask: Any) -> Any:
                features = {"input_ids": input_ids, "attention_mask": attention_mask}
                vectors = self.encoder(features)["sentence_embedding"]
                return torch.nn.functional.normalize(vectors, dim=1)

        features = model.preprocess(["two texts of", "unequal length"])
        inputs = (features["input_ids"], features["attention_mask"])
        axes = {0: "texts", 1: "pieces"}
        with torch.inference_mode(), _quiet():
            torch.onnx.export(
                Pooled().eval(),
                inputs,
                str(folder / "model.onnx"),
                input_names=["input_ids", "attention_mask"],
                output_names=["vector"],
                dynamic_axes={"input_ids": axes, "attention_mask": axes, "vector": {0: "texts"}},
                opset_version=17,
                dynamo=False,  # the newer exporter needs one more package and ten times as long
            )
        shutil.copy(self.folder / "tokenizer.json", folder / "tokenizer.json")
        facts = {"max_pieces": model.max_seq_length, "prompt": model.prompts.get("query") or ""}
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


def export_dir(sha256: str) -> Path:
    """Where the ONNX export of the encoder with these weights is, or will be."""
    return cache_dir() / "encoders" / sha256[:16]


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """The exporter warns at length about things that the check afterwards settles."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
