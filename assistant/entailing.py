"""Whether one sentence follows from another, by a cross-encoder, for users who have one."""

from __future__ import annotations

from pathlib import Path

from assistant.cross_encoder import CrossEncoder
from assistant.errors import ModelUnusable

LABELS = ("contradiction", "entailment", "neutral")
"""What the model has to tell apart, in any order."""


class Entailment:
    """A cross-encoder that was trained on natural language inference."""

    def __init__(self, folder: Path) -> None:
        """``folder`` holds the model. Raises ``ModelUnusable`` if there is no such folder."""
        self._encoder = CrossEncoder(folder, "entailment")

    def follows(self, evidence: str, sentence: str) -> bool:
        """Whether the evidence entails the sentence. Raises as ``relation`` does."""
        return self.relation(evidence, sentence) == "entailment"

    def relation(self, evidence: str, sentence: str) -> str:
        """Which of ``LABELS`` fits the sentence, given the evidence.

        Raises ``ModelUnusable`` if the model cannot be loaded or has other labels.
        """
        labels = self._encoder.labels
        if sorted(labels) != sorted(LABELS):
            raise ModelUnusable(
                f"{self._encoder.folder} tells apart {', '.join(labels)}",
                f"choose a cross-encoder with the labels {', '.join(LABELS)}",
            )
        (numbers,) = self._encoder.numbers([(evidence, sentence)])
        return str(labels[int(numbers.argmax())])
