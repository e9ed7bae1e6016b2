"""Make ``models/NAME.onnx.gz``, the graph of a known encoder without its weights, by torch."""

import argparse
import tempfile
from pathlib import Path

from assistant import catalog, encoder_graph
from assistant.encoder import SentenceEncoder


def main() -> None:
    """Export, strip, write, and print the size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", help="an encoder of models/catalog.toml")
    name = parser.parse_args().name
    folder, _ = catalog.find(name, "encoder")
    with tempfile.TemporaryDirectory() as export:
        SentenceEncoder(folder, name).write_onnx(Path(export))
        graph = encoder_graph.strip(Path(export), folder / "model.safetensors")
    target = catalog.models_dir() / f"{name}.onnx.gz"
    target.write_bytes(graph)
    print(f"{target}: {len(graph)} bytes")


if __name__ == "__main__":
    main()
