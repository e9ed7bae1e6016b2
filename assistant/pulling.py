"""Downloads a model's file from the Hugging Face hub; nothing else reaches other computers."""

from __future__ import annotations

import errno
import glob
import logging
import os
import re
import shutil
from pathlib import Path
from typing import Any

import filelock

from assistant import catalog
from assistant.errors import ModelUnusable, UsageError
from assistant.fingerprint import remembered_sha256, sha256
from assistant.gguf import check_gguf
from assistant.indexing import Progress

_SHA256 = re.compile(r"[0-9a-f]{64}")
_MEGABYTE = 1_000_000


def pull(name: str, progress: Progress) -> Path:
    """The file of a language model, downloaded unless it is here already.

    ``name`` is a known model or ``OWNER/REPOSITORY/FILE.gguf``. The environment variable
    ``HF_ENDPOINT`` names another hub, ``HF_TOKEN`` who asks. A download that was stopped is
    continued. The file's SHA-256 is compared with the one that the hub gives.

    Raises ``UsageError`` if ``name`` is neither, ``ModelUnusable`` if the file cannot be had.
    """
    known = catalog.known_models().get(name)
    if known and not known.repository:
        return catalog.find(name, known.role)[0]
    repository, file = _place(name)
    target = catalog.pulled_dir() / file
    lock = filelock.FileLock(f"{target}.lock", timeout=0)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with lock:
            _pull(repository, file, target, progress)
    except filelock.Timeout as error:
        raise ModelUnusable(f"another process is pulling {file}", "wait for it") from error
    except ModelUnusable:
        raise
    except Exception as error:  # whatever the network library of the hub's package raises
        raise _refused(error, repository, file) from error
    check_gguf(target)
    return target


def _pull(repository: str, file: str, target: Path, progress: Progress) -> None:
    import huggingface_hub as hub
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]

    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)  # would break the progress bar
    endpoint = os.environ.get("HF_ENDPOINT")
    url = hub.hf_hub_url(repository, file, endpoint=endpoint)
    facts = hub.get_hf_file_metadata(url, endpoint=endpoint)
    digest = facts.etag if facts.etag and _SHA256.fullmatch(facts.etag) else None
    if digest and target.exists() and remembered_sha256(target) == digest:
        return
    begun = target.with_name(f"{target.name}.{(facts.etag or '')[:12]}.part")
    size = facts.size or 0
    with begun.open("ab") as stream:
        _check_space(target, size, stream.tell())
        what = f"Downloading {target.name} (MB)"
        progress(what, 0, max(1, size // _MEGABYTE))
        http_get(
            url,
            stream,
            resume_size=stream.tell(),
            headers=build_hf_headers(),
            expected_size=facts.size,
            tqdm_class=_bar(what, progress),
        )
    if digest and sha256(begun) != digest:
        begun.unlink()
        raise ModelUnusable(
            f"{file} was damaged on its way: its checksum is not the hub's", "pull it again"
        )
    begun.replace(target)


def remove(name: str, in_use: str) -> Path:
    """Delete the file of a model that was pulled, or what came of it, and return where it was.

    Raises ``UsageError`` if ``name`` was not pulled, or is the model ``in_use``, a name or path.
    """
    target = catalog.pulled_dir() / _place(name)[1]
    files = [target] if target.is_file() else []
    files += target.parent.glob(f"{glob.escape(target.name)}.*.part")
    if not files:
        raise UsageError(f"{name} was not pulled", "assistant models list shows what is here")
    if in_use in (name, str(target)):
        raise UsageError(f"{name} is in use", "first choose another: assistant models use NAME")
    for file in files:
        file.unlink()
    return target


def _place(name: str) -> tuple[str, str]:
    """Repository and file of a model on the hub."""
    known = catalog.known_models().get(name)
    if known:
        return known.repository or "", known.file
    owner, _, rest = name.partition("/")
    repository, _, file = rest.partition("/")
    parts = (owner, repository, *file.split("/"))
    if not file.endswith(".gguf") or any(part in ("", ".", "..") for part in parts):
        raise UsageError(
            f"{name!r} is neither a known model nor OWNER/REPOSITORY/FILE.gguf",
            "assistant models list prints the known names",
        )
    return f"{owner}/{repository}", file


def _check_space(target: Path, size: int, begun: int) -> None:
    free = shutil.disk_usage(target.parent).free
    if size - begun > free:
        raise ModelUnusable(
            f"{target.name} has {size // _MEGABYTE} MB, and {free // _MEGABYTE} MB are free in"
            f" {target.parent}",
            "free some space, or choose another folder with ASSISTANT_DATA",
        )


def _bar(what: str, progress: Progress) -> Any:
    """What the hub's package takes for a progress bar of tqdm."""

    class Bar:
        def __init__(self, *, total: int | None = None, initial: int = 0, **_: Any) -> None:
            self._done, self._total = initial, total or 0

        def __enter__(self) -> Bar:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def update(self, count: int) -> None:
            self._done += count
            total = max(1, self._total // _MEGABYTE)
            done = self._done // _MEGABYTE if self._done < self._total else total
            progress(what, max(1, done), total)

    return Bar


def _refused(error: Exception, repository: str, file: str) -> ModelUnusable:
    from huggingface_hub import errors

    if isinstance(error, errors.GatedRepoError):
        return ModelUnusable(
            f"{repository} is given only to those who accepted its terms on the hub",
            "accept them there, then set HF_TOKEN to a token of yours",
        )
    if isinstance(error, errors.RepositoryNotFoundError | errors.EntryNotFoundError):
        return ModelUnusable(
            f"the hub has no {file} in {repository}", "check the name; it may have been moved"
        )
    if isinstance(error, errors.OfflineModeIsEnabled):
        return ModelUnusable("HF_HUB_OFFLINE forbids downloads", "unset it and pull again")
    if isinstance(error, OSError) and (error.filename or error.errno == errno.ENOSPC):
        return ModelUnusable(
            f"cannot write {error.filename or file}: {error.strerror}",
            "check permissions and free disk space, or choose another folder with ASSISTANT_DATA",
        )
    reason = str(error).strip().split("\n")[0][:200] or type(error).__name__
    return ModelUnusable(
        f"{file} could not be downloaded: {reason}",
        "pull it again when the network is there; what has come is kept",
    )
