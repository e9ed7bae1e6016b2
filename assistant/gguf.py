"""GGUF files: told from others, their headers read, requantised; and llama.cpp kept quiet."""

from __future__ import annotations

import contextlib
import ctypes
import os
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assistant.errors import ModelUnusable

_MAGIC = b"GGUF"
_ABANDONED_SECONDS = 3600
_ERROR = 4
"""Level of llama.cpp's log lines about what went wrong."""
_NO_WRITERS = ("bert", "clip", "t5encoder")
"""In the names of architectures that write no text."""


@dataclass(frozen=True)
class Header:
    """What a GGUF file says of its model; empty or 0 where it says nothing."""

    architecture: str
    title: str
    context: int
    """The most tokens that it was trained to read."""
    licence: str
    template: str
    """Its chat template."""


def check_gguf(path: Path) -> None:
    """Raises ``ModelUnusable`` unless the file starts as GGUF files do."""
    try:
        with path.open("rb") as stream:
            magic = stream.read(4)
    except OSError as error:
        raise ModelUnusable(
            f"cannot read the model {path}: {error.strerror}", "assistant models list"
        ) from error
    if magic != _MAGIC:
        raise ModelUnusable(
            f"{path} is not a GGUF model", "choose one: assistant models list, assistant models use"
        )


def read_header(path: Path) -> Header:
    """The header of a language model that is whole, as far as its size tells.

    Raises ``ModelUnusable`` if llama.cpp cannot read it or it is no language model.
    """
    import llama_cpp

    check_gguf(path)
    faults: list[str] = []

    def note(level: int, text: bytes, _: Any) -> None:
        if level == _ERROR:
            faults.append(text.decode("utf-8", "replace").strip())

    callback = llama_cpp.llama_log_callback(note)
    llama_cpp.llama_log_set(callback, ctypes.c_void_p())
    try:
        with contextlib.redirect_stderr(None):
            llama = llama_cpp.Llama(str(path), vocab_only=True, verbose=False)
    except (ValueError, OSError, RuntimeError) as error:
        reason = faults[0].rpartition("error loading model: ")[2] if faults else str(error)
        raise ModelUnusable(
            f"{path} cannot be read: {reason}",
            "it may be cut off, or of a kind this version of llama.cpp does not know",
        ) from error
    finally:
        silence()
    known: dict[str, str] = llama.metadata
    llama.close()
    architecture = known.get("general.architecture", "")
    if any(name in architecture for name in _NO_WRITERS):
        raise ModelUnusable(
            f"{path} is no language model but a {architecture}", "choose one that writes text"
        )
    return Header(
        architecture,
        known.get("general.name", ""),
        int(known.get(f"{architecture}.context_length", 0)),
        known.get("general.license", ""),
        known.get("tokenizer.chat_template", ""),
    )


def requantise(source: Path, target: Path, kind: str, threads: int) -> None:
    """Write a copy of a GGUF file in another quantisation, e.g. ``"Q8_0"``, all or nothing.

    Raises ``ModelUnusable`` if llama.cpp refuses or the disk is full.
    """
    import llama_cpp

    silence()
    parameters = llama_cpp.llama_model_quantize_default_params()
    parameters.ftype = getattr(llama_cpp, f"LLAMA_FTYPE_MOSTLY_{kind}")
    parameters.allow_requantize = True
    parameters.nthread = threads
    fresh = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        for left_over in target.parent.glob("*.part"):
            if time.time() - left_over.stat().st_mtime > _ABANDONED_SECONDS:
                left_over.unlink(missing_ok=True)
        code = llama_cpp.llama_model_quantize(
            str(source).encode(), str(fresh).encode(), ctypes.byref(parameters)
        )
        if code:
            raise ModelUnusable(f"llama.cpp could not requantise {source}", "reinstall the model")
        fresh.replace(target)
    except OSError as error:
        raise ModelUnusable(
            f"cannot write {target}: {error.strerror}",
            "check permissions and free disk space, or set ASSISTANT_CACHE",
        ) from error
    finally:
        fresh.unlink(missing_ok=True)


def silence() -> None:
    """Keep llama.cpp's own log lines off the terminal."""
    import llama_cpp

    llama_cpp.llama_log_set(_ignore_log(), ctypes.c_void_p())


@cache
def _ignore_log() -> Any:
    """The callback, made once and kept: llama.cpp holds only its address."""
    import llama_cpp

    return llama_cpp.llama_log_callback(lambda level, text, data: None)
