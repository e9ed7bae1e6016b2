"""GGUF files: told from others, requantised; and llama.cpp kept quiet."""

from __future__ import annotations

import ctypes
import os
import time
from functools import cache
from pathlib import Path
from typing import Any

from assistant.errors import ModelUnusable

_MAGIC = b"GGUF"
_ABANDONED_SECONDS = 3600


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
