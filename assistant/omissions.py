"""What a sentence may leave out of its evidence without claiming more than that.

All words are compared by their forms (``equivalents``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.equivalents import Word, forms_of, is_number
from assistant.words import STOP_WORDS

PUNCTUATION = frozenset(",;:()")
NEGATIONS = forms_of(
    """not no never none nothing nobody nor neither cannot without fail fails failed lack lacks
    unable hardly rarely barely seldom"""
)
CONDITIONS = NEGATIONS | forms_of(
    """albeit artefact artifact assume assumed assumes assuming condition conditions depending
    despite disproved erroneous except exception excluding frequently half if least less likely
    limited mainly most mostly often only partly potentially probability provided refuted retracted
    sometimes spurious theory thought under unless until up usually when whenever"""
)
"""Words that say where or how far something holds."""
LIMITS = (
    CONDITIONS
    | forms_of("may could can about almost but cost few fewer however or some though while yet")
    | {"<", ">", "over"}
)
"""Words that limit what is said, or their own part of it."""
REPORTING = forms_of("show find prove confirm suggest argue report observe conclude estimate note")

DISCOURSE = forms_of(
    """addition additionally also analyses analysis article authors clearly conclude conclusion
    confirm consequently consistently demonstrate demonstrated demonstrates discover empirical
    empirically end establish evaluation evaluations example experiment experimental experiments
    extensive extensively fact finally find finding findings finds first firstly found further
    furthermore hence here however importantly indeed instance instead interestingly introduce
    lastly meanwhile moreover notably numerical observe overall particular particularly present
    propose prove report reports result results reveal reveals second secondly see short show
    showing shown shows specifically summary surprisingly that then theoretical theoretically
    therefore thesis third thirdly thus total turn ultimately verify e.g in"""
)
"""Words that lead over to what is said; leaving them out changes nothing."""
_LEADS_OVER = (
    (DISCOURSE | forms_of(" ".join(STOP_WORDS)))
    - LIMITS
    - forms_of("propose would will should must")
)
_TELLS = forms_of(
    "show find prove confirm observe conclude verify discover establish report see is"
)
_FACTS = forms_of("show prove confirm establish verify")
_SHOWING = forms_of(
    """we our this these the all analysis comparison evaluation experiment extensive field figure
    finding measurement paper result study table test trial"""
)
"""Who shows something here, and not elsewhere, in a model or in advertisements."""
_SPARE = forms_of("also therefore thus hence moreover furthermore indeed")
_DEGREES = forms_of(
    """significantly substantially considerably markedly notably clearly greatly consistently
    remarkably dramatically drastically very highly new novel"""
)
"""Without a negation, less is said when they are left out."""
_REFERS = forms_of("it they this these such so even only not")
_REACHES_BACK = forms_of(
    """especially particularly possibly perhaps probably more few or for in on with by as to from of
    at within where because after before under"""
)
"""What begins with these is no statement of its own."""
_EXPLAINS = forms_of(
    """because since so thus hence thereby suggesting compared against mainly including namely e.g
    i.e"""
)
"""What begins with these gives a reason, a consequence, an example or another value."""
_TAKES_BACK = forms_of(
    """allege artefact artifact assuming claim condition contradict contrary critics disappear
    dispute disproved doubt erroneous except exception excluding fail false fraudulent if myth only
    opposite provided refute refuted retracted say significance significant significantly spurious
    theory thought unless until untrue vanish wrong"""
)
_SAID_ABOVE = forms_of(
    """association benefit change difference decline effect evidence finding gain improvement
    increase reduction result"""
)
"""With "the", what was said before."""
_OPENS_PLACE = forms_of(
    """in on across at for with under within when given by over during after or as once to from of
    than per each every among like before between through relative following using respectively"""
)
"""What begins with these may say where or when the rest holds."""
_LIKE_AN_AMOUNT = forms_of(
    "one case each every per of year day week month hour night minute decade h min s"
)
_REPEATED = forms_of("at by for from in of on to with")
"""On A, on B and on C."""
_AUXILIARIES = forms_of("be have can could may will would")
_PAIRS = forms_of("between both either neither")
_RELATES = forms_of(
    """average combination combine combined combining compare compared comparing correlation
    difference gap interaction mean mix mixture product ratio relation sum"""
)
"""Near these, "A and B" is one thing."""
_COUNTS_ALL = forms_of(
    """compose comprise consist except exception excluding exclusively just merely only purely
    respectively solely together"""
)
"""Near these, nothing of a list may go."""
_ASIDE = re.compile(
    r"(?:[A-Z][\w-]{0,14}s?"
    r"|(?:e\.g\.,? )?(?:see|cf\.?|Fig\w*\.?|Eqs?\.?|Sec\w*\.?|App\w*|Table)\b[^()]*"
    r"|[^()]*\b(?:19|20)\d\d[a-z]?)"
)
"""An acronym, a pointer to a figure or section, a citation with its year."""


def is_aside(bracket: str) -> bool:
    """Whether what stands in brackets can be left out: it says nothing of its own."""
    return _ASIDE.fullmatch(bracket.strip(" ()")) is not None


def lead_fault(lead: Sequence[Word]) -> str:
    """The word whose omission before all others changes what is said, or nothing.

    What leads over to the statement may go.
    """
    forms = [word.form for word in lead]
    if not forms or _shows_that(forms) or _sets_off(forms):
        return ""
    told = lead[-1].text.lower() == "that" and _TELLS & set(forms) and "to" not in forms
    if forms[-1] == "," or told:
        return _first_content(word for word in lead if word.form not in _LEADS_OVER)
    return _first_content(lead)


def middle_fault(kept: Sequence[Word], gap: Sequence[Word], after: Word, *, negated: bool) -> str:
    """The word whose omission between others changes what is said, or nothing.

    ``kept`` stands before the gap; ``negated`` tells of a negation in the evidence. A harmless
    bracket may go, and a remark between two commas if no word in it limits anything.
    """
    before = kept[-1]
    forms = [word.form for word in gap]
    spare = _SPARE if negated else _SPARE | _DEGREES
    content = [word for word in gap if word.form not in PUNCTUATION | spare]
    content = [word for word in content if word.text.lower() != "proposed"]
    inner = [form for form in forms if form not in PUNCTUATION]
    comma_opens = forms[:1] == [","] or before.form == ","
    if not content or (comma_opens and forms[-1] == "," and _is_remark(gap, after)):
        return ""
    if forms[0] == "(" and forms[-1] == ")" and _is_spare_bracket(gap):
        return ""
    if inner == ["that", "be"] or (inner == ["that"] and before.form in REPORTING | {"so"}):
        return ""
    if len(inner) == 1 and inner[0] in _REPEATED and _is_repeated(inner[0], kept):
        return ""
    if inner == ["do"] and after.form in PUNCTUATION:
        return ""
    if inner == ["by"] and is_number(after.form) and before.form in {"rise", "fall"}:
        return ""
    return content[0].text


def _is_repeated(form: str, kept: Sequence[Word]) -> bool:
    """Whether the last item of a list began with this preposition."""
    *forms, link = [word.form for word in kept]
    if form not in forms:
        return False
    item = forms[::-1].index(form)
    return link in {",", "and", "or"} and not PUNCTUATION & set(forms[-item - 1 :])


def tail_fault(kept: Sequence[Word], tail: Sequence[Word]) -> str:
    """The word whose omission after all others changes what is said, or nothing.

    A remark or a statement of its own behind a comma may go, a further thing that is done, and the
    place of a measurement if it is a number of things or a name.
    """
    while tail and tail[0].form == "(" and ")" in (forms := [word.form for word in tail]):
        end = forms.index(")") + 1
        if not _is_spare_bracket(tail[:end]):
            return _first_content(tail)
        tail = tail[end:]
    content = [word for word in tail if word.form not in PUNCTUATION]
    if not content:
        return ""
    forms = [word.form for word in content]
    joined = forms[0] in {"and", "but", "while"}
    own = forms[0] == "and" or tail[0].text == ";"
    before = {word.form for word in kept}
    related = bool(_COUNTS_ALL & (before | set(forms)) or is_number("".join(forms[1:2])))
    if tail[0].form not in PUNCTUATION:
        needed = (
            related
            or _RELATES & before
            or _completes_pair(kept)
            or NEGATIONS & before
            or LIMITS & set(forms)
        )
        deed = forms[0] == "and" and len(forms) > 2 and _is_verb(content[1])
        deed = deed and kept[-2:-1] != [] and kept[-2].form != "that"
        deed = deed and not _AUXILIARIES & set(forms[2:])
        harmless = forms == ["do"] or (deed and not needed) or _is_place(forms)
    elif ":" in before or (related and joined and tail[0].text != ";"):
        harmless = False
    elif joined:
        harmless = own and _stands_alone(content[1:], tail[0].text == ";")
    else:
        harmless = _is_harmless_remark(forms) or _is_place(forms)
    return "" if harmless else content[0].text


def _shows_that(forms: list[str]) -> bool:
    """Whether these words are "X shows that", for a short X that is no model."""
    shown = forms[-2:-1] and forms[-2] in _FACTS and forms[-1] == "that"
    return bool(shown) and 1 <= len(forms) - 2 <= 5 and set(forms[:-2]) <= _SHOWING


def _sets_off(forms: list[str]) -> bool:
    """Whether these words only set the statement off against others."""
    return forms[0] == "contrary" and forms[-1] == "," and "," not in forms[:-1]


def _is_remark(gap: Sequence[Word], after: Word) -> bool:
    """Whether what stands between two commas is no part of a list and limits nothing."""
    inner = [word for word in gap if word.form not in PUNCTUATION]
    forms = {word.form for word in inner}
    if not inner or CONDITIONS & forms or "," in [word.form for word in gap[1:-1]]:
        return False
    leads_over = forms <= _LEADS_OVER
    named = inner[0].article and not after.article and _is_verb(after)
    return leads_over or bool(named) or inner[0].form == "that"


def _is_verb(word: Word) -> bool:
    """Whether a word looks like a finite verb."""
    text = "" if "-" in word.text else word.text.lower()
    return word.form in _AUXILIARIES or (
        text.endswith(("s", "ed")) and not text.endswith(("is", "ss", "us"))
    )


def _is_harmless_remark(forms: Sequence[str]) -> bool:
    """Whether a last part behind a comma can go: it limits nothing that was said."""
    if forms[0] in _EXPLAINS:
        return not _TAKES_BACK & set(forms)
    figure = is_number(forms[0]) and forms[1:2] != ["time"]
    limiting = (CONDITIONS | _COUNTS_ALL | _TAKES_BACK) & set(forms)
    return not (figure or forms[0] in _OPENS_PLACE or limiting)


def _stands_alone(clause: Sequence[Word], sentence: bool) -> bool:
    """Whether a clause behind "and", "but" or a semicolon says something of its own."""
    forms = [word.form for word in clause]
    bound = _REFERS if sentence else _REFERS | _REACHES_BACK | CONDITIONS - {"no"}
    if len(forms) < 3 or forms[0] in bound or _TAKES_BACK & set(forms):
        return False
    return not (clause[0].article and forms[0] in _SAID_ABOVE)


def _completes_pair(kept: Sequence[Word]) -> bool:
    """Whether "between", "both" or the like still needs what follows "and"."""
    forms = [word.form for word in kept]
    opened = max((i for i, form in enumerate(forms) if form in _PAIRS), default=-1)
    return opened >= 0 and not {"and", "or", "nor"} & set(forms[opened:])


def _is_place(forms: Sequence[str]) -> bool:
    """Whether it says in how many things something was measured, or by how much it changed."""
    if len(forms) < 2 or not is_number(forms[1]) or (LIMITS | _LIKE_AN_AMOUNT) & set(forms):
        return False
    if forms[0] == "by":
        return "best" not in forms
    things = forms[0] in {"in", "on", "across"} and len(forms) > 2
    return things and not any(form.endswith("%") for form in forms)


def _is_spare_bracket(gap: Sequence[Word]) -> bool:
    """Whether a bracket is an aside or holds figures alone."""
    forms = [word.form for word in gap if word.form not in PUNCTUATION]
    text = " ".join(word.text for word in gap)
    figures = any(is_number(form) for form in forms)
    telling = (LIMITS - {"<", ">"}) | _TAKES_BACK | {"p", "of", "best"}
    return is_aside(text) or (figures and not telling & set(forms))


def _first_content(lead: Iterable[Word]) -> str:
    return next((word.text for word in lead if word.form not in PUNCTUATION), "")
