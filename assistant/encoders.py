"""The encoder in use in its two forms: itself for many papers, its export for questions and few."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from assistant import catalog
from assistant.encoder import SentenceEncoder
from assistant.encoder_export import export_dir
from assistant.errors import ModelUnusable
from assistant.exported_encoder import ExportedEncoder
from assistant.indexing import Encoder, Progress
from assistant.vectors import EncoderIdentity

FEW_PAPERS = 200
"""Papers that are encoded by the export: for so few, loading torch would take longer."""


class Encoders:
    """The encoder that a setting names, and its export in the cache."""

    def __init__(self, setting: str, progress: Progress, threads: int = 1) -> None:
        """``setting`` is a known name or a folder; ``progress`` hears of an export.

        ``threads`` is how many encode papers at once.
        """
        self._setting = setting
        self._progress = progress
        self._threads = threads

    @cached_property
    def _itself(self) -> SentenceEncoder:
        path, known = catalog.find(self._setting, "encoder")
        if known is None:
            return SentenceEncoder(path, path.name)
        return SentenceEncoder(path, known.name, known.graph_path())

    @property
    def _folder(self) -> Path:
        return export_dir(self._itself.sha256)

    @property
    def identity(self) -> EncoderIdentity:
        """Name and digest.

        Raises ``ModelUnusable`` if there is no such encoder.
        """
        return EncoderIdentity(self._itself.name, self._itself.sha256)

    def for_questions(self) -> ExportedEncoder:
        """The export, whether it was made or not."""
        return ExportedEncoder(self._folder)

    def for_papers(self, count: int) -> Encoder:
        """The export for ``FEW_PAPERS`` at most, if it is there or soon made; else the encoder."""
        if count <= FEW_PAPERS and self._itself.graph:
            self.export()
        export = ExportedEncoder(self._folder, self._threads)
        return export if count <= FEW_PAPERS and export.encodes_papers else self._itself

    def export(self, *, mending: bool = False) -> None:
        """Make the export unless that was done; ``mending``: also if it cannot be loaded."""
        done = (self._folder / "export.json").is_file()
        if done and mending:
            try:
                self.for_questions().load()
            except ModelUnusable:
                done = False
        if not done:
            self._progress("Preparing the question encoder", 0, 1)
            self._itself.export()
            self._progress("Preparing the question encoder", 1, 1)
