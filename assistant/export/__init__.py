"""Conversations and summaries -> files that others can read: Markdown, HTML, JSON, BibTeX, CSV."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.export.data import to_bibtex, to_json
from assistant.export.files import suggested_name, write_new
from assistant.export.html import to_html
from assistant.export.markdown import to_markdown
from assistant.export.summary_files import SUMMARY_FORMATS

if TYPE_CHECKING:
    from assistant.conversations import Conversation

FORMATS: dict[str, Callable[[Conversation], str]] = {
    "md": to_markdown,
    "html": to_html,
    "json": to_json,
    "bib": to_bibtex,
}
"""The ending of a file name and what makes its text."""

__all__ = [
    "FORMATS",
    "SUMMARY_FORMATS",
    "suggested_name",
    "to_bibtex",
    "to_html",
    "to_json",
    "to_markdown",
    "write_new",
]
