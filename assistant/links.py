"""Addresses from strangers made fit to be followed."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

_KEPT = "%/:?#[]@!$&'()*+,;=~"
"""Marks that an address may hold; all others are percent-encoded."""


def web_address(text: str | None) -> str | None:
    """The address in printable ASCII if it is one of the web, otherwise ``None``."""
    text = (text or "").strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    return quote(text, safe=_KEPT, errors="replace")
