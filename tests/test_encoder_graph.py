"""A graph without weights becomes the export again with them, and with no others."""

import json

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import save_file

from assistant import encoder_graph
from assistant.encoder import SentenceEncoder
from assistant.errors import ModelUnusable

WEIGHT = np.arange(6, dtype=np.float32).reshape(2, 3)
BIAS = np.array([1, 0, -1], dtype=np.float32)


@pytest.fixture
def export(tmp_path):
    """The export of ``x @ WEIGHT + BIAS``."""
    folder = tmp_path / "export"
    folder.mkdir()
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["h"]), helper.make_node("Add", ["h", "b"], ["y"])],
        "linear",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 2])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 3])],
        [numpy_helper.from_array(WEIGHT, "w"), numpy_helper.from_array(BIAS, "b")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, folder / "model.onnx")
    (folder / "export.json").write_text('{"max_pieces": 7}')
    return folder


@pytest.fixture
def graph(export, weights, tmp_path):
    file = tmp_path / "linear.onnx.gz"
    file.write_bytes(encoder_graph.strip(export, weights))
    return file


@pytest.fixture
def weights(tmp_path):
    """Torch keeps the weight of a linear layer transposed."""
    file = tmp_path / "model.safetensors"
    save_file({"layer.weight": np.ascontiguousarray(WEIGHT.T), "layer.bias": BIAS}, file)
    return file


def test_strip_and_fill_give_the_export_again(graph, weights, tmp_path):
    encoder_graph.fill(graph, weights, tmp_path)
    session = onnxruntime.InferenceSession(tmp_path / "model.onnx")
    x = np.array([[2.0, 3.0]], dtype=np.float32)
    (y,) = session.run(["y"], {"x": x})
    assert np.array_equal(y, x @ WEIGHT + BIAS)
    assert json.loads((tmp_path / "export.json").read_text()) == {"max_pieces": 7}


def test_weights_that_lack_a_tensor_are_refused(graph, tmp_path):
    other = tmp_path / "other.safetensors"
    save_file({"layer.bias": BIAS}, other)
    with pytest.raises(ModelUnusable, match=r"no tensor 'layer\.weight'"):
        encoder_graph.fill(graph, other, tmp_path)


def test_damaged_weights_are_refused(graph, weights, tmp_path):
    weights.write_bytes(weights.read_bytes()[:40])
    with pytest.raises(ModelUnusable, match="cannot be read"):
        encoder_graph.fill(graph, weights, tmp_path)


def test_a_tensor_that_the_weights_lack_cannot_be_stripped(export, tmp_path):
    other = tmp_path / "other.safetensors"
    save_file({"layer.bias": BIAS}, other)
    with pytest.raises(ModelUnusable, match="w of the export"):
        encoder_graph.strip(export, other)


def test_an_encoder_with_other_weights_than_its_graph_is_exported_by_torch(
    graph, tmp_path, monkeypatch
):
    save_file({"layer.bias": BIAS}, tmp_path / "model.safetensors")
    (tmp_path / "tokenizer.json").write_text("{}")
    asked = []

    def write(self, folder):
        asked.append(folder)
        raise ModelUnusable("torch was asked")

    monkeypatch.setattr(SentenceEncoder, "write_onnx", write)
    with pytest.raises(ModelUnusable, match="torch was asked"):
        SentenceEncoder(tmp_path, "linear", graph).export()
    assert len(asked) == 1 and not asked[0].exists()
