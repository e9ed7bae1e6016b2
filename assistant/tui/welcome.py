"""What stands where the answers will be, until the first question."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from assistant.terminal import safe

STARTER_EXAMPLES = (
    "What did RoBERTa change about BERT?",
    "How do scaling laws describe the loss of language models?",
    "What is muTransfer?",
)


class Welcome(Static):
    """Says what this is and offers a question that one key asks."""

    example = STARTER_EXAMPLES[0]
    """What Enter asks while nothing is typed."""

    def on_mount(self) -> None:
        """Show what is known before the library is open."""
        self.show(uses_starter=True, titles=[])

    def show_failure(self, message: str) -> None:
        """Say why nothing can be asked."""
        title = Content.styled("Questions cannot be answered yet\n\n", "bold $error")
        self.update(title + Content(safe(message)))

    def show(self, *, uses_starter: bool, titles: list[str]) -> None:
        """Offer questions about the starter papers, or about papers with these titles."""
        examples = list(STARTER_EXAMPLES)
        if not uses_starter and titles:
            examples = [f"What does “{safe(title)[:100]}” find?" for title in titles]
        self.example = examples[0]
        about = (
            "Your own library is empty, so questions go to a starter library: synopses of"
            " well-known papers, written for this program. Press F2, then a, to add your own."
            if uses_starter
            else "Every sentence of an answer is quoted or reworded from one sentence of an"
            " abstract in your library, and its marker leads there."
        )
        self.update(
            Content("").join(
                [
                    Content.styled("Ask your papers\n\n", "bold $primary"),
                    Content(f"{about}\n\n"),
                    Content("Press "),
                    Content.styled(" Enter ", "bold reverse"),
                    Content(" to ask: "),
                    Content.styled(f"{examples[0]}\n", "bold"),
                    *[
                        Content.styled(f"or for example: {example}\n", "$text-muted")
                        for example in examples[1:]
                    ],
                    Content.styled(
                        "\nF1 help and keys · F2 library · F3 conversations · F10 quit",
                        "$text-muted",
                    ),
                ]
            )
        )
