"""What a sentence begins with before it says anything: "(2)", "However,", "To address this,"."""

from __future__ import annotations

import re
from collections.abc import Iterator

MOST = 3
"""What leads over to a statement one after the other: "Finally, in this paper, ..."."""

ADVERB = (
    r"(?:additionally|also|as a result|consequently|finally|first(?:ly)?|furthermore|hence|here"
    r"|however|in (?:addition|conclusion|contrast|fact|particular|short|summary|total|turn)"
    r"|importantly|indeed|interestingly|lastly|moreover|notably|overall|second(?:ly)?"
    r"|specifically|surprisingly|then|therefore|third(?:ly)?|thus|to this end|ultimately"
    r"|for (?:example|instance)|in this (?:article|paper|report|study|work|thesis))"
)
_LEADS = (
    re.compile(rf"{ADVERB},\s+|in this (?:paper|work|article|study|report) (?=we\b)", re.I),
    re.compile(
        rf"(?:and |but )?(?:{ADVERB}|by contrast|conversely|however|meanwhile|nevertheless"
        r"|nonetheless|on the other hand|similarly|still|yet),\s+",
        re.IGNORECASE,
    ),
    re.compile(
        r"to (?:address|alleviate|avoid|bridge|close|fill|mitigate|overcome|remedy|resolve|solve"
        r"|tackle) (?:it|them|(?:all |both )?(?:this|these|those|such|the above)(?: [a-z-]+){0,2})"
        r",\s+",
        re.IGNORECASE,
    ),
)
_NUMBERED = re.compile(r"\(?(?:\d|[ivx]{1,4}|[a-e])\)\s+")


def leads(text: str) -> Iterator[int]:
    """Where each of these ends, one behind the other."""
    end = 0
    if (number := _NUMBERED.match(text)) and not _NUMBERED.search(text, number.end()):
        end = number.end()
        yield end
    for _ in range(MOST):
        found = next((m for lead in _LEADS if (m := lead.match(text, end))), None)
        if found is None:
            return
        end = found.end()
        yield end


def without_leads(text: str) -> str:
    """The text from where it begins to say something, as it stands."""
    return text[max(leads(text), default=0) :]
