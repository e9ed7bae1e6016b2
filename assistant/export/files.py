"""The file that an export goes to: its name, and writing it without harm to any other."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

from assistant.citation_keys import ascii_words
from assistant.errors import OutputUnwritable

LONGEST_NAME = 60
"""Characters, with the suffix."""
_DEVICES = frozenset(("con", "prn", "aux", "nul", "com", "lpt"))
"""Names that Windows gives to devices, some with a digit behind."""


def suggested_name(title: str, suffix: str) -> str:
    """``what-is-mutransfer.md``: lower case, digits and hyphens, at most ``LONGEST_NAME``."""
    name = "-".join(ascii_words(title))[: LONGEST_NAME - len(suffix) - 1].strip("-")
    if not name or name.rstrip("0123456789") in _DEVICES:
        name = f"conversation-{name}".strip("-")
    return f"{name}.{suffix}"


def write_new(path: Path, text: str) -> Path:
    """Write the whole text or nothing to ``path``, and return the path that was taken.

    Where something of that name exists, ``-2``, ``-3``, ... is put before the suffix.

    Raises ``OutputUnwritable``.
    """
    try:
        if path.is_dir():
            raise IsADirectoryError(None, "it is a folder")
        part = path.with_name(f".{os.getpid()}.{os.urandom(4).hex()}.part")
        try:
            with part.open("xb") as stream:
                stream.write(text.encode("utf-8", errors="replace"))
                stream.flush()
                os.fsync(stream.fileno())
            return _place(part, path)
        finally:
            part.unlink(missing_ok=True)
    except (OSError, ValueError) as error:  # a path with a NUL is a ValueError
        reason = getattr(error, "strerror", None) or str(error)
        raise OutputUnwritable(
            f"cannot write {path}: {reason}", "name a file in a folder that you can write to"
        ) from error


def _place(part: Path, path: Path) -> Path:
    """Give the finished file the first free name, which it then has in one step."""
    for number in count(1):
        target = path if number == 1 else path.with_stem(f"{path.stem}-{number}")
        try:
            try:
                os.link(part, target)
            except FileExistsError:
                raise
            except OSError:  # a file system without hard links
                _replace_reserved(part, target)
            return target
        except FileExistsError:
            continue
    raise AssertionError("numbers do not end")


def _replace_reserved(part: Path, target: Path) -> None:
    target.open("xb").close()
    try:
        part.replace(target)
    except BaseException:
        target.unlink()
        raise
