"""The map step: one abstract -> which of its sentences tell problem, method, data, finding, limits.

Sentences are told apart by the phrases with which abstracts announce what comes (argumentative
zoning: Teufel and Moens 2002, "Summarizing Scientific Articles") and by where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from assistant.library import StoredPaper

Role = Literal["problem", "method", "data", "finding", "limits"]
ROLES: tuple[Role, ...] = get_args(Role)
LEAST = 0.7
"""The score from which a sentence is taken to have a role."""

_WE = (
    r"(?:we|i|this (?:paper|work|article|study|survey|report|thesis)|the (?:authors?|paper|study))"
)
_NUMBER = (
    r"(?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|"
    r"thirty|forty|fifty|sixty|seventy|eighty|ninety|(?:a )?hundred|(?:a )?thousand|several|many)"
)
_ASKING = (
    rf"\b{_WE} \w+(?: (?:if|whether|how|why|what|which)|,? the (?:effect|influence|role|impact))\b"
)
_MEASURE = (
    r"(?:per ?cent|times|points?|years?|months?|weeks?|days?|hours?|minutes?|seconds?|lines|"
    r"kilograms|degrees|steps)\b"
)
_PATTERNS: Mapping[Role, tuple[str, ...]] = {
    "problem": (
        r"\b(?:however|but|yet|despite|although|unfortunately)\b",
        r"\b(?:challeng|problem|difficult|expensive|costly|prohibitive|bottleneck|lack|suffer)",
        r"\b(?:remains?|little is known|unclear|poorly understood|open question|limited|gap)\b",
        rf"\b{_WE} (?:ask|wonder|question)\w*\b|\b(?:whether|if) \w+|\?$",
        _ASKING,
        r"\b(?:disputed|debated?|unknown|untested|feared|fear|thought|believed?|assumed?|suspected|"
        r"supposed|claim(?:s|ed)?|wisdom|blamed?|concern|worry|said|told|expected|promis\w+|"
        r"promoted|advised|recommended|hope|often|usually|widely)\b",
        r"^(?:does|do|did|is|are|can|could|how|what|why|which)\b",
    ),
    "method": (
        rf"\b{_WE}\b[^.]{{0,40}}\b(?:propos|introduc|present|develop|describ|design|formulat|"
        r"devis|explor|investigat|stud|examin|analy[sz]|survey|review|compar|train|fine-?tun|"
        r"curat|collect|build|combin|extend|perform|test|measur|evaluat|estimat|apply|appli|"
        r"simulat|model|follow|monitor|record|track|trac|sampl|randomi[sz]|assign|count|identif|"
        r"repeat|vary|varied|remov|delet|drop|replac|pair|match|giv|gave|us|deriv|revisit|observ)",
        r"\b(?:our|the proposed|a (?:new|novel|simple)) (?:\w+ ){0,3}"
        r"(?:method|approach|framework|model|algorithm|architecture|technique|system|library)\b",
        r"\b(?:consists? of|(?:is|was|are|were) (?:\w+ )?(?:based on|created|built|trained)|"
        r"works? by|by (?:\w+ly )?\w+ing|allows?|enables?)\b",
        r"\b(?:was|were) (?:\w+ly )?(?:\w+(?:ed|ised|ized)|given|kept|taken|grown|made|drawn|"
        r"shown|cut|put|run|set|held|split|read|built|fed)\b",
        r"^(?:using|comparing|combining|with|from|by|training|measuring|analysing|analyzing|"
        r"studying|across|drawing|tracking|following)\b|"
        rf"^(?:in|among|for|along|over|after|of) (?:[\w-]+ ){{0,3}}{_NUMBER}\b",
    ),
    "data": (
        r"\b(?:data ?sets?|corpus|corpora|benchmarks?|trials?|patients|participants|samples?|"
        r"cohorts?|surveys?|records|volunteers|experiments?|simulations?|images|recordings)\b",
        r"\b(?:evaluat|experiment|test|train|assess)\w* (?:\w+ ){0,3}(?:on|with|in)\b",
        rf"\b{_NUMBER} (?!{_MEASURE})(?:[\w-]+ ){{0,4}}[a-z-]+(?:s|e[nr]|ople|dren|ice|ish)\b",
        r"\b(?:of|in|among|across|from|on|at|with|followed|surveyed|compared) "
        rf"{_NUMBER} (?!{_MEASURE})",
    ),
    "finding": (
        r"\b(?:outperform|surpass|exceed|achiev|improv|reduc|increas|yield|reach|match|attain|"
        r"gain|decreas|speed|comparable|generaliz|capable|without|fall|fell|rise|rose|grow|grew|"
        r"declin|drop|shrink|shrank|collaps|degrad|worsen|lower|rais|boost|suppress|predict|link|"
        r"associat|correlat|differ|equal|same|identical|alike|indistinguish|unaffected|unchanged|"
        r"vanish|disappear|lost|lose|cost|cut|effect|benefit|advantage|harm|hurt|help|fail|hold|"
        r"held|persist|surviv|govern|determin|driv|caus|depend|affect|account)",
        r"\b(?:we|our|results?|experiments?|evaluations?|analys[ie]s|simulations?|study|they)\b"
        r"[^.]{0,60}\b(?:show|demonstrat|find|found|reveal|observ|suggest|indicat|conclud|"
        r"confirm|outperform|achiev|improv|reduc)",
        r"\d(?:[.,]\d+)?\s*(?:%|per ?cent|x\b|×|times|points?|[bm]\b|-?fold)|"
        r"\b(?:twice|half|halved|a (?:third|quarter|fifth|tenth)|doubled?|tripled?|factor of)\b",
        r"\b(?:state[- ]of[- ]the[- ]art|significant(?:ly)?|better|faster|higher|lower|fewer|"
        r"more|less|worse|\w+est|\w+er than)\b",
        r"\b(?:thus|therefore|hence|consequently|so|showing|suggesting|confirming|implying|"
        r"implied|consistent with|ruled out|excluded|evidently|appears? to|no|not|nor|nothing|"
        r"neither|yet)\b",
    ),
    "limits": (
        r"\b(?:limitation|drawback|trade-?off|at the cost of|at the expense|caveat)\b",
        r"\b(?:only (?:when|if|for|in|to)|not (?:always|sufficient|enough)|cannot)\b",
        r"\b(?:future work|further (?:work|research)|later work|caution|remains? (?:open|to be)|"
        r"need not|nothing (?:can be|is) said|limited to|restricted to|confined to)\b",
        r"\b(?:was|were|did|do|does|is|are) not (?:\w+ )?(?:studied|measured|compared|tested|"
        r"recorded|enrolled|sampled|examined|included|considered|assessed|expect|part|extend|"
        r"apply|cover|address|work|hold)\b",
    ),
}
_CUES = {role: list(map(re.compile, patterns)) for role, patterns in _PATTERNS.items()}
"""For sentences in lower case: that takes half the time of ignoring the case."""
_ASKED = re.compile(_ASKING)
"""What the paper asks is its problem, whatever else the sentence speaks of."""
_OF_OTHERS = re.compile(
    r"\b(?:recent(?:ly)?|previous(?:ly)?|prior|existing|traditional(?:ly)?|conventional(?:ly)?|"
    r"(?:later|earlier|related|other) work|work by|(?<!more )(?<!less )(?<!as )often|typically|"
    r"usually|commonly|have been|has been|e\.g\.)(?!\w)"
)
"""Begins or marks what the field does, which is no method or finding of the paper."""
_AVAILABILITY = re.compile(
    r"\b(?:available (?:at|on|from|under)|github|code (?:is|are|and)|"
    r"released? (?:the |our |all )?(?:code|models?|data))\b"
)
_PLACE: Mapping[Role, float] = {
    "problem": 0.1,
    "method": 0.4,
    "data": 0.7,
    "finding": 0.85,
    "limits": 1,
}
"""Where in an abstract a sentence with the role is looked for first, 0 to 1."""
_PLACE_WEIGHT = 0.6


@dataclass(frozen=True)
class Notes:
    """What one paper says, as places in its abstract."""

    stored: StoredPaper
    sentences: Mapping[str, tuple[int, ...]]
    """Which sentences have a role, best first; one that none has is not there."""

    def quote(self, role: str) -> str | None:
        """The best sentence with a role, word for word; ``None`` if it is not stated."""
        indexes = self.sentences.get(role)
        return self.stored.sentence(indexes[0]) if indexes else None

    def strength(self, role: Role) -> float:
        """The score of the best sentence with a role; 0 if it is not stated."""
        quote, count = self.quote(role), len(self.stored.sentences)
        return score(role, quote, self.sentences[role][0], count) if quote else 0.0


def tells_availability(sentence: str) -> bool:
    """Whether a sentence says where code or data can be had."""
    return bool(_AVAILABILITY.search(sentence.lower()))


def is_asked_or_of_others(sentence: str) -> bool:
    """Whether a sentence tells what the paper asks or the field does, not what was found."""
    return any(pattern.search(sentence.lower()) for pattern in (_ASKED, _OF_OTHERS))


def read(stored: StoredPaper) -> Notes:
    """The notes of one paper: to each role the sentence that fits it best, and a second finding.

    A sentence has one role if possible; a role that would have none may share the sentence of
    another, as where one sentence tells what was done and what came of it.
    """
    count = len(stored.sentences)
    scored = sorted(
        (
            (score(role, stored.sentence(index), index, count), -index, role)
            for index in range(count)
            for role in ROLES
        ),
        reverse=True,
    )
    fitting = [(role, -negative) for value, negative, role in scored if value >= LEAST]
    chosen: dict[Role, int] = {}
    for role, index in fitting:
        if role not in chosen and index not in chosen.values():
            chosen[role] = index
    alone = set(chosen.values())
    for role, index in fitting:
        chosen.setdefault(role, index)
    sentences: dict[str, tuple[int, ...]] = {role: (index,) for role, index in chosen.items()}
    second = next((i for role, i in fitting if role == "finding" and i not in alone), None)
    if second is not None:
        sentences["finding"] += (second,)
    return Notes(stored, sentences)


def score(role: Role, sentence: str, index: int, count: int) -> float:
    """How well a sentence fits a role, from 0: its cues, at most three, and its place.

    Without any cue it is 0, and so is where code is to be found.
    """
    sentence = sentence.lower()
    cues = sum(bool(pattern.search(sentence)) for pattern in _CUES[role])
    if not cues or _AVAILABILITY.search(sentence):
        return 0.0
    if role != "problem" and _OF_OTHERS.search(sentence):
        cues -= 1
    if role in ("method", "finding", "data") and _ASKED.search(sentence):
        cues -= 2
    place = index / (count - 1) if count > 1 else _PLACE[role]
    return min(max(cues, 0), 3) / 2 + _PLACE_WEIGHT * (1 - abs(place - _PLACE[role]))
