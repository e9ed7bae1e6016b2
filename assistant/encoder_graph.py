"""The graph of an encoder without its weights: with them it is the export, and needs no torch.

A graph is kept as ``models/NAME.onnx.gz``; ``benchmarks/strip_encoder.py`` makes it from an export.
"""

from __future__ import annotations

import gzip
from pathlib import Path

from assistant.errors import ModelUnusable

_TENSOR = "tensor:"
"""Begins the metadata that say which tensor of the weights an initializer of the graph is."""
_TRANSPOSED = ".T"
_REINSTALL = "reinstall the package that carries the encoder"


def strip(export: Path, weights: Path) -> bytes:
    """The graph of an export, compressed; ``weights`` is a safetensors file.

    Raises ``ModelUnusable`` if the export holds a tensor that the weights do not.
    """
    import numpy as np
    import onnx
    from safetensors.numpy import load_file

    model = onnx.load(export / "model.onnx")
    tensors = load_file(weights)
    metadata = {"facts": (export / "export.json").read_text("utf-8")}
    for initializer in model.graph.initializer:
        array = onnx.numpy_helper.to_array(initializer)
        for name, tensor in tensors.items():
            if np.array_equal(tensor, array):
                metadata[_TENSOR + initializer.name] = name
                break
            if np.array_equal(tensor.T, array):
                metadata[_TENSOR + initializer.name] = name + _TRANSPOSED
                break
        else:
            raise ModelUnusable(
                f"{initializer.name} of the export is no tensor of {weights}", "keep the export"
            )
    del model.graph.initializer[:]
    onnx.helper.set_model_props(model, metadata)
    return gzip.compress(model.SerializeToString(), mtime=0)


def fill(graph: Path, weights: Path, folder: Path) -> None:
    """Write ``model.onnx`` and ``export.json`` into a folder: a graph with its weights in it.

    Raises ``ModelUnusable`` if the weights cannot be read or lack one of the graph's tensors.
    """
    import numpy as np
    import onnx
    from safetensors.numpy import load_file

    model = onnx.load_model_from_string(gzip.decompress(graph.read_bytes()))
    try:
        tensors = load_file(weights)
    except Exception as error:  # safetensors raises an own class for a damaged file
        raise ModelUnusable(f"{weights} cannot be read: {error}", _REINSTALL) from error
    metadata = {item.key: item.value for item in model.metadata_props}
    try:
        for key, value in metadata.items():
            if key.startswith(_TENSOR):
                tensor = tensors[value.removesuffix(_TRANSPOSED)]
                array = tensor.T if value.endswith(_TRANSPOSED) else tensor
                model.graph.initializer.append(
                    onnx.numpy_helper.from_array(
                        np.ascontiguousarray(array), key.removeprefix(_TENSOR)
                    )
                )
    except KeyError as error:
        raise ModelUnusable(
            f"{weights} has no tensor {error}, which {graph.name} needs",
            _REINSTALL,
        ) from error
    onnx.save(model, folder / "model.onnx")
    (folder / "export.json").write_text(metadata["facts"])
