"""Keeps llama.cpp off the matrix unit (AMX) of some Intel processors, where it crashes.

Reading a prompt of several tokens ends there in a segmentation fault in
``ggml_backend_amx_mul_mat`` (ggml-org/llama.cpp issue 20824; seen with llama-cpp-python 0.3.36).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CPU_INFO = Path("/proc/cpuinfo")


def has_amx() -> bool:
    """Whether this processor has the unit; only Linux tells."""
    try:
        return "amx_int8" in CPU_INFO.read_text("ascii", errors="replace")
    except OSError:
        return False


@contextlib.contextmanager
def avoided() -> Iterator[None]:
    """Models that are loaded inside keep their weights in plain buffers, which AMX does not serve.

    ``llama_cpp.Llama`` has no argument for it. Does nothing where there is no AMX.
    """
    if not has_amx():
        yield
        return
    import llama_cpp.llama_cpp as functions

    original = functions.llama_model_default_params

    def plain() -> Any:
        parameters = original()
        parameters.use_extra_bufts = False
        return parameters

    functions.llama_model_default_params = plain
    try:
        yield
    finally:
        functions.llama_model_default_params = original
