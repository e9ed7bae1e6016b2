"""JSON Lines: one object a line (API dumps, this program's own export, retrieval corpora)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from assistant.papers import Paper
from assistant.sources.base import Rejection, Source
from assistant.sources.fields import to_paper


class JsonLinesReader:
    """Objects with at least a title and an abstract, under any of their usual names."""

    name = "jsonl"

    def recognises(self, sample: str) -> bool:
        """The first line that is not empty opens an object."""
        return re.match(r"\s*\{\s*[\"}]", sample) is not None

    def read(self, source: Source) -> Iterator[Paper | Rejection]:
        """A broken line is rejected by itself; the others are kept."""
        for number, line in enumerate(source.lines(), start=1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except (ValueError, RecursionError) as error:
                what = getattr(error, "msg", "nested too deeply, or a number too long")
                yield Rejection(source.name, number, f"broken JSON ({what}); one object a line")
                continue
            if not isinstance(record, dict):
                yield Rejection(source.name, number, "expected a JSON object with a title")
                continue
            yield to_paper(record, source.name, number)
