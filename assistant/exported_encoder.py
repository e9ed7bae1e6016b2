"""Texts -> unit vectors with onnxruntime alone: no torch, ready in a fraction of a second."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import ModelUnusable
from assistant.late_interaction import EncodedText

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BATCH = 16


class ExportedEncoder:
    """An exported encoder (``SentenceEncoder.export``); loads on first use.

    For questions, and for so few papers that loading the encoder itself would take longer. Whatever
    encodes raises ``ModelUnusable`` if the export cannot be loaded.
    """

    def __init__(self, folder: Path, threads: int = 1) -> None:
        """``folder`` holds ``model.onnx``, ``tokenizer.json`` and ``export.json``."""
        self.folder = folder
        self._threads = threads

    @property
    def encodes_papers(self) -> bool:
        """Whether it is there and gives papers, not questions alone, the encoder's vectors."""
        try:
            facts = json.loads((self.folder / "export.json").read_text("utf-8"))
        except (OSError, ValueError):
            return False
        return bool(facts.get("encodes_papers"))

    def load(self) -> None:
        """Load it now.

        Raises ``ModelUnusable`` if that fails.
        """
        self._loaded  # noqa: B018

    def encode_question(self, question: str) -> EncodedText:
        """One question, as a whole and word piece by word piece."""
        return self._run([question], self._loaded[2]["prompt"])[0]

    def encode_chunks(self, texts: Sequence[str]) -> list[EncodedText]:
        """Each text as a whole and word piece by word piece; long texts are cut."""
        prompt = self._loaded[2]["paper_prompt"]
        encoded: dict[int, EncodedText] = {}
        by_length = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        for start in range(0, len(texts), BATCH):
            batch = by_length[start : start + BATCH]
            made = self._run([texts[index] for index in batch], prompt)
            encoded |= zip(batch, made, strict=True)
        return [encoded[index] for index in range(len(texts))]

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, shape ``(len(texts), dimension)``; long texts are cut."""
        import numpy as np

        return np.array([item.vector for item in self.encode_chunks(texts)], dtype=np.float32)

    def _run(self, texts: Sequence[str], prompt: str) -> list[EncodedText]:
        import numpy as np

        tokenizer, session, _ = self._loaded
        encoded = tokenizer.encode_batch([prompt + text for text in texts])
        inputs = {
            "input_ids": np.array([item.ids for item in encoded], dtype=np.int64),
            "attention_mask": np.array([item.attention_mask for item in encoded], dtype=np.int64),
        }
        vectors, pieces = session.run(["vector", "pieces"], inputs)
        return [
            EncodedText(vector, own[: len(spans)], spans[: len(own)])
            for vector, own, spans in zip(
                vectors, pieces, (_spans(item, len(prompt)) for item in encoded), strict=True
            )
        ]

    @cached_property
    def _loaded(self) -> tuple[Any, Any, dict[str, Any]]:
        import onnxruntime
        from tokenizers import Tokenizer

        try:
            facts = json.loads((self.folder / "export.json").read_text("utf-8"))
            tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
            tokenizer.enable_truncation(facts["max_pieces"])
            tokenizer.enable_padding()
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = self._threads
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")
            options.log_severity_level = 3
            session = onnxruntime.InferenceSession(
                str(self.folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # tokenizers and onnxruntime raise no common class
            raise ModelUnusable(
                f"the exported encoder in {self.folder} cannot be loaded: {error}",
                "assistant library reindex exports it anew",
            ) from error
        return tokenizer, session, facts


def _spans(encoding: Any, prompt: int) -> list[tuple[int, int]]:
    """The characters of each word piece that is no padding, counted after the prompt."""
    real = zip(encoding.offsets, encoding.attention_mask, strict=True)
    return [(max(0, start - prompt), max(0, end - prompt)) for (start, end), here in real if here]
