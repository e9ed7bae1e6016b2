"""What kind of question it is: for a quantity, for papers, about several; or a claim."""

from __future__ import annotations

import re

_QUANTITY = re.compile(
    r"\b(how (many|much|large|big|small|far|long|often|fast|high|low|strong|faithful\w*)"
    r"|what (\w+ )?(accuracy|score|percentage|share|fraction|size|rate|number|speed|latency|factor)"
    r"|by (how|what)|percent\w*|accuracy)\b",
    re.IGNORECASE,
)
_FOR_PAPERS = re.compile(
    r"\b(which|what)\s+(?:\w+\s+){0,2}?(papers|studies|articles|publications|reviews|surveys)\b"
    r"|(?<!two )(?<!both )\b(papers|studies|articles|publications) (that|on|about|which|where)\b"
    r"|^(list|find|show|name)\b.*\b(papers|studies|articles|publications|reviews|surveys)\b"
    r"|^(is there )?anything (on|about)\b"
    r"|\b(are|is) there (any )?(papers?|stud(y|ies)|work|articles?)\b"
    r"|^who (else )?(uses|applies|studies|investigates|works on)\b"
    r"|^where (is|are) .+ (used|applied|studied|investigated)\b"
    r"|^what (is there|(\w+ )?exists?|do (i|we) have|in the (collection|library))\b",
    re.IGNORECASE,
)
_QUESTION_WORD = re.compile(
    r"\b(what|which|who|whom|whose|where|when|why|how)\b"
    r"|^\W*(is|are|was|were|do|does|did|can|could|has|have|had|will|would|should|may|might)\b"
    r"|^\W*(compare|contrast|describe|explain|find|give|list|name|show|summari[sz]e|tell)\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\b(compare|comparing|comparisons?|differ|differs|differences?|versus|vs|respectively"
    r"|both (papers|studies|works|methods|approaches|models|authors)"
    r"|as opposed to|in contrast|contrast"
    r"|which (papers|studies|works|methods|approaches|models)|bring together|across papers"
    r"|papers (that|on|about|which|where)|(two|three|several) (papers|studies|methods)"
    r"|(how (do|did|were|are)|(what|why|where) (do|did)) (the )?(two|three|four|several)"
    r"|the ([\w.-]+ ){1,4}and the)\b"
    r"|^how (do|did|were|are) [^?]*?\band\b",
    re.IGNORECASE,
)
_EACH = re.compile(
    r"\b(do|does|did|of|in|for|by|with|has|have) each"
    r"(?=\s*[?,;.]|$| of (them|these|the two)| (do|does|claim|use|find|show|get|say|report|decide"
    r"|avoid|then|offer|bring|promise|reach|need|make|work|treat|handle|cover|measure|choose|pick"
    r"|come|go|conclude)\b)"
    r"|\beach (do|does|uses?|claims?|decides?|finds?|found|shows?|reports?|gets?|offers?|says?"
    r"|avoids?|works?|covers?)\b",
    re.IGNORECASE,
)
"""What does each of them do; not each of the layers."""
_OPPOSED = re.compile(
    r"\b(put|set|place|lay|hold) [^?.]* (side by side|beside|against|next to)\b"
    r"|\bone (paper|study|work|approach|method|survey|line)\b[^?]*\b(another|the other|one)\b"
    r"|\b(two|three|both) (papers|studies|works|surveys|articles)\b"
    r"|\b(a|the|one) (\w+ )?(study|paper|work|survey)\b[^?.]*"
    r"\band (a|the|another) (\w+ )?(study|paper|work|survey)\b",
    re.IGNORECASE,
)
"""One paper, and another."""
_WITH_ITSELF = re.compile(
    r"\bcompar\w+ (with|to|against) (the|an?|its|their)? ?"
    r"(original|unmodified|uncompressed|unpruned|full-precision|dense|base|baseline|parent|usual)\b",
    re.IGNORECASE,
)
"""What is no comparison of papers, although it says so."""


def asks_quantity(question: str) -> bool:
    """Whether the answer ought to hold a number."""
    return bool(_QUANTITY.search(question))


def is_claim(question: str) -> bool:
    """Whether it is none: a statement, to be held against the papers."""
    return not (question.rstrip().endswith("?") or _QUESTION_WORD.search(question))


def asks_several(question: str) -> bool:
    """Whether the answer ought to rest on several papers."""
    asked = _WITH_ITSELF.sub("", question)
    return any(form.search(asked) for form in (_SEVERAL, _EACH, _OPPOSED))


def asks_for_papers(question: str) -> bool:
    """Whether the answer is the papers themselves, however many they are."""
    return bool(_FOR_PAPERS.search(question))
