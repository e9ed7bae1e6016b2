"""A cross-encoder that a user has in a folder: it reads two texts together and gives numbers."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import ModelUnusable

if TYPE_CHECKING:
    import numpy as np
    import sentence_transformers
    from numpy.typing import NDArray


class CrossEncoder:
    """A cross-encoder of sentence-transformers on the CPU; loads on first use."""

    def __init__(self, folder: Path, setting: str) -> None:
        """``folder`` holds the model, ``setting`` names it in the user's settings.

        Raises ``ModelUnusable`` if there is no such folder.
        """
        self.folder = folder
        self._hint = f"set {setting} to the folder of a cross-encoder, or remove the setting"
        if not (folder / "config.json").is_file():
            raise ModelUnusable(f"the {setting} {folder} is not a folder with a model", self._hint)

    def numbers(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """For each pair of texts a number, ``(n,)``, or one for each label, ``(n, labels)``.

        Raises ``ModelUnusable`` if the model cannot be loaded.
        """
        found: NDArray[np.float32] = self._model.predict(
            list(pairs), batch_size=8, show_progress_bar=False
        )
        return found

    @property
    def labels(self) -> list[str]:
        """The names of its numbers, in small letters. Raises as ``numbers`` does."""
        names = self._model.config.id2label
        return [str(names[place]).lower() for place in sorted(names)]

    @cached_property
    def _model(self) -> sentence_transformers.CrossEncoder:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from sentence_transformers import CrossEncoder

        try:
            return CrossEncoder(str(self.folder), device="cpu", local_files_only=True)
        except Exception as error:  # a damaged file fails in any of four libraries
            raise ModelUnusable(
                f"{self.folder} is not a cross-encoder: {str(error)[:200]}", self._hint
            ) from error
