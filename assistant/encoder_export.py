"""The ONNX export of an encoder in the cache: written aside, checked, then put in place."""

from __future__ import annotations

import base64
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.config import cache_dir
from assistant.errors import ModelUnusable
from assistant.exported_encoder import ExportedEncoder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PARITY = 0.9999
"""The least cosine between the export and the encoder for the export to be used."""

EXPORT = 4
"""Version of what an export holds."""

PROBES = (
    "How many parameters does the model have?",
    "Fine-tuning",
    "The method reaches 78.3% accuracy on ImageNet with 413M multiply-adds (see Eq. 2).",
    "We study the convergence of stochastic gradient descent. " * 12,
)
"""Texts whose vectors, as questions and as papers, the encoder itself leaves in an export."""


def export_dir(sha256: str) -> Path:
    """Where the ONNX export of the encoder with these weights is, or will be."""
    return cache_dir() / "encoders" / f"{sha256[:16]}-{EXPORT}"


def make(target: Path, name: str, write: Callable[[Path], None]) -> Path:
    """Have an export written, check it against the encoder's vectors in it, return ``target``.

    ``write`` gets an empty folder for ``model.onnx``, ``tokenizer.json`` and ``export.json``;
    ``name`` is the encoder's in messages. Raises ``ModelUnusable`` if the export does not give the
    encoder's vectors or cannot be written.
    """
    replacing = (target / "export.json").is_file()
    fresh = target.with_name(f"{target.name}.{os.getpid()}")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        fresh.mkdir(parents=True)
        write(fresh)
        _check(fresh, name)
        if replacing or not (target / "export.json").is_file():  # no other was faster
            shutil.rmtree(target, ignore_errors=True)
            fresh.replace(target)
    except RuntimeError as error:  # the exporter's message can hold whole tensors
        raise ModelUnusable(
            f"{name} cannot be exported: {str(error)[:100]}", "choose another encoder"
        ) from error
    except OSError as error:
        raise ModelUnusable(
            f"cannot write the exported encoder to {target}: {error.strerror}",
            "check permissions and free disk space, or set ASSISTANT_CACHE",
        ) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return target


def pack(vectors: NDArray[np.float32]) -> str:
    """Vectors of ``PROBES`` as a string for ``export.json``."""
    return base64.b64encode(vectors.astype("<f2").tobytes()).decode()


def _check(folder: Path, name: str) -> None:
    """Compare with the encoder and note in ``export.json`` how near it is."""
    import numpy as np

    file = folder / "export.json"
    facts = json.loads(file.read_text("utf-8"))
    exported = ExportedEncoder(folder)
    made = {
        "questions": np.array([exported.encode_question(text).vector for text in PROBES]),
        "papers": exported.encode(PROBES),
    }
    cosines = {}
    for kind, vectors in made.items():
        expected = np.frombuffer(base64.b64decode(facts[kind]), "<f2").reshape(vectors.shape)
        lengths = np.linalg.norm(expected.astype(np.float32), axis=1)
        cosines[kind] = float(((vectors * expected).sum(axis=1) / lengths).min())
    if cosines["questions"] < PARITY:
        raise ModelUnusable(
            f"the export of {name} differs from it (cosine {cosines['questions']:.4f})",
            "choose another encoder",
        )
    facts |= {"cosine": cosines["questions"], "encodes_papers": cosines["papers"] >= PARITY}
    file.write_text(json.dumps(facts))
