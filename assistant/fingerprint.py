"""SHA-256 of large files, remembered until the file changes, and of the program itself."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from functools import cache
from pathlib import Path

from assistant import __version__
from assistant.config import cache_dir, package_data


def sha256(path: Path) -> str:
    """The file's digest in hexadecimal, read from the file itself."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def remembered_sha256(path: Path) -> str:
    """The file's digest, from the cache while its size and time of change are the same."""
    stat = path.stat()
    key = f"{path.resolve()}|{stat.st_size}|{stat.st_mtime_ns}"
    store = cache_dir() / "fingerprints.json"
    try:
        known: dict[str, str] = json.loads(store.read_text("utf-8"))
    except (OSError, ValueError):
        known = {}
    if key not in known:
        known[key] = sha256(path)
        write_atomically(store, json.dumps(known, indent=1))
    return known[key]


@cache
def program() -> dict[str, str]:
    """The version, and a digest of the program's own files: a checkout changes without it."""
    here = Path(__file__).parent
    files = [*sorted(here.rglob("*.py")), *sorted(here.rglob("*.toml"))]
    files += sorted(package_data("prompts").iterdir())
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return {"version": __version__, "sources": digest.hexdigest()[:16]}


def write_atomically(path: Path, text: str) -> None:
    """Replace a cache file so that no reader ever sees half of it; a full disk is no error."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(text, "utf-8")
        fresh.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
