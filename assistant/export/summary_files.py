"""A summary as the text of a file, by the ending of its name."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from assistant.export.summary_html import to_html
from assistant.summary import formats
from assistant.summary.summarizing import Summary

SUMMARY_FORMATS: dict[str, Callable[[Summary, dict[str, Any]], str]] = {
    "md": lambda summary, library: formats.markdown(summary) + "\n",
    "html": lambda summary, library: to_html(summary),
    "json": lambda summary, library: (
        json.dumps(formats.as_json(summary, library), ensure_ascii=False) + "\n"
    ),
    "bib": lambda summary, library: formats.as_bibtex(summary),
    "csv": lambda summary, library: formats.as_csv(summary),
}
"""Made from the summary and ``{"papers", "snapshot"}`` of the library, as JSON names it."""
