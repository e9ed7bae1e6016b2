"""Questions -> unit vectors with onnxruntime alone: no torch, ready in a fraction of a second."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import ModelUnusable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class QuestionEncoder:
    """An exported encoder (``SentenceEncoder.export``); loads on first use."""

    def __init__(self, folder: Path) -> None:
        """``folder`` holds ``model.onnx``, ``tokenizer.json`` and ``export.json``."""
        self.folder = folder

    def encode(self, question: str) -> NDArray[np.float32]:
        """The unit vector of one question, shape ``(dimension,)``."""
        vector: NDArray[np.float32] = self.encode_all([question])[0]
        return vector

    def encode_all(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, shape ``(len(texts), dimension)``.

        Raises ``ModelUnusable`` if the export cannot be loaded.
        """
        import numpy as np

        tokenizer, session, prompt = self._loaded
        encoded = tokenizer.encode_batch([prompt + text for text in texts])
        inputs = {
            "input_ids": np.array([item.ids for item in encoded], dtype=np.int64),
            "attention_mask": np.array([item.attention_mask for item in encoded], dtype=np.int64),
        }
        vectors: NDArray[np.float32] = session.run(None, inputs)[0]
        return vectors

    @cached_property
    def _loaded(self) -> tuple[Any, Any, str]:
        import onnxruntime
        from tokenizers import Tokenizer

        try:
            facts = json.loads((self.folder / "export.json").read_text("utf-8"))
            tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
            tokenizer.enable_truncation(facts["max_pieces"])
            tokenizer.enable_padding()
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1
            options.log_severity_level = 3
            session = onnxruntime.InferenceSession(
                str(self.folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # tokenizers and onnxruntime raise no common class
            raise ModelUnusable(
                f"the exported encoder in {self.folder} cannot be loaded: {error}",
                "assistant library reindex exports it anew",
            ) from error
        return tokenizer, session, facts["prompt"]
