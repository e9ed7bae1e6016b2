"""Short names for the user's own GGUF files, kept beside the models that were pulled."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import filelock
import tomlkit

from assistant import catalog, memory
from assistant.catalog import KnownModel
from assistant.errors import LibraryUnwritable, ModelUnusable, UsageError
from assistant.gguf import read_header

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_MEGABYTE = 1_000_000


def register(path_or_pulled: str, name: str | None = None) -> tuple[KnownModel, bool]:
    """Remember a GGUF file under a name, and tell whether it has a chat template.

    ``path_or_pulled`` is a path, or ``OWNER/REPOSITORY/FILE.gguf`` of a model that was pulled;
    without ``name`` the file's own is taken, in small letters.

    Raises ``UsageError`` for a name that is none or is taken, ``ModelUnusable`` if the file is
    missing, damaged or no language model.
    """
    path = _file(path_or_pulled)
    name = name or re.sub(r"[^a-z0-9._-]+", "-", path.stem.lower()).strip("-._")
    if not _NAME.fullmatch(name) or name.endswith(".gguf"):
        raise UsageError(
            f"{name!r} is no name for a model",
            "use small letters, digits, dots and dashes: assistant models add FILE --name NAME",
        )
    if name in catalog.known_models():
        raise UsageError(f"{name} is a model of the catalogue", "give another name with --name")
    header = read_header(path)
    with _changing():
        registered = catalog.registered_models()
        taken = registered.get(name)
        if taken and taken.file != str(path):
            raise UsageError(
                f"{name} is already {taken.file}",
                f"give another name with --name, or first: assistant models remove {name}",
            )
        facts = {
            "title": header.title or path.stem,
            "file": str(path),
            "size_mb": round(path.stat().st_size / _MEGABYTE),
            "memory_mb": round(memory.needed(path) / _MEGABYTE),
            "context": header.context or 2048,
            "licence": header.licence or "unknown",
            "good_for": f"added by you: {path}",
        }
        _write({name: facts}, without=name)
    return catalog.registered_models()[name], bool(header.template)


def forget(name: str, in_use: str) -> None:
    """Forget a name; its file is left alone.

    Raises ``UsageError`` if there is no such name, or it is the model ``in_use``.
    """
    if name == in_use:
        raise UsageError(f"{name} is in use", "first choose another: assistant models use NAME")
    with _changing():
        if name not in catalog.registered_models():
            raise UsageError(f"no model was added as {name!r}", "assistant models list")
        _write({}, without=name)


def _file(path_or_pulled: str) -> Path:
    path = Path(path_or_pulled).expanduser()
    if path.is_file():
        return path.absolute()
    pulled = catalog.pulled_dir() / "/".join(path_or_pulled.split("/")[2:])
    if path_or_pulled.count("/") >= 2 and pulled.is_file():
        return pulled.absolute()
    raise ModelUnusable(
        f"there is no file {path_or_pulled}", "assistant models add takes a GGUF file"
    )


@contextlib.contextmanager
def _changing() -> Iterator[None]:
    """Hold the file of names alone while it is read and written anew."""
    file = catalog.registered_file()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(f"{file}.lock", timeout=10):
            yield
    except OSError as error:
        raise LibraryUnwritable(
            f"cannot write {file}: {error.strerror or 'another process is at it'}",
            "check permissions and free disk space, or choose another folder with ASSISTANT_DATA",
        ) from error


def _write(more: Mapping[str, Any], *, without: str) -> None:
    """Write the file of names anew, all or nothing; comments in it are kept."""
    file = catalog.registered_file()
    document = tomlkit.parse(file.read_text("utf-8") if file.exists() else "")
    document.pop(without, None)
    for name, facts in more.items():
        document[name] = facts
    fresh = file.with_suffix(".part")
    fresh.write_text(tomlkit.dumps(document), "utf-8")
    fresh.replace(file)
