"""Text that may hold LaTeX -> text that LaTeX and BibTeX can read, whatever it was."""

from __future__ import annotations

import re
from itertools import groupby

from assistant.terminal import safe

_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"$\lbrace$",
    "}": r"$\rbrace$",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
} | {char: f"\\{char}" for char in "&%$#_"}
"""Braces by name, since BibTeX counts ``\\{`` as an open brace and other readers do not."""
_ESCAPES |= {char: f"${char}$" for char in "<>|"}  # old fonts have other characters in their place

# Only commands that are known to be harmless stay commands: a title must not be able to \input.
_TEXT_SYMBOLS = (
    "ss|o|O|ae|AE|oe|OE|aa|AA|l|L|i|j|S|P|em|it|bf|tt|sc|rm|sf|sl|dots|ldots|copyright|pounds|LaTeX"
    "|TeX|textmu|textdegree|textregistered|texttrademark|textbackslash|textasciitilde"
    "|textasciicircum|textbraceleft|textbraceright|textless|textgreater|textbar|textendash"
    "|textemdash"
)
_TEXT_STYLES = "emph|textbf|textit|textrm|textsc|textsf|textsl|texttt|textsuperscript|underline"
_MATH_SYMBOLS = (
    "alpha|beta|gamma|delta|epsilon|varepsilon|zeta|eta|theta|vartheta|iota|kappa|lambda|mu|nu|xi"
    "|pi|varpi|rho|varrho|sigma|varsigma|tau|upsilon|phi|varphi|chi|psi|omega|Gamma|Delta|Theta"
    "|Lambda|Xi|Pi|Sigma|Upsilon|Phi|Psi|Omega|ell|infty|times|cdot|cdots|ldots|pm|mp|leq|le|geq|ge"
    "|neq|ne|approx|sim|simeq|equiv|propto|ll|gg|to|mapsto|rightarrow|leftarrow|leftrightarrow"
    "|Rightarrow|in|notin|subset|subseteq|cup|cap|setminus|emptyset|forall|exists|partial|nabla|sum"
    "|prod|int|log|ln|exp|min|max|sup|inf|arg|lim|sin|cos|tan|tanh|det|dim|ker|Pr|circ|star|ast"
    "|dagger|perp|parallel|mid|oplus|otimes|langle|rangle|lbrace|rbrace|Vert|quad"
)
_MATH_STYLES = (
    "mathcal|mathbb|mathbf|mathrm|mathit|mathsf|mathtt|mathfrak|boldsymbol|operatorname|hat|widehat"
    "|tilde|widetilde|bar|overline|underline|vec|dot|ddot|sqrt|text"
)

_END = r"(?![A-Za-z])"
_LETTER = r"(?:\{(?:[A-Za-z]|\\[ij])\}|\\[ij](?![A-Za-z])|%s[A-Za-z])"
_TOKEN = re.compile(
    r"(?P<kept>\\[&%$#_,/-]|\\[~^]\{\}"
    rf"|\\['\"`^~=.]{_LETTER % ''}"
    rf"|\\[cvHukrdbt]{_END}(?:{_LETTER % ' '})"
    rf"|\\(?:{_TEXT_SYMBOLS}){_END}(?:\{{\}})?)"
    rf"|(?P<style>\\(?:{_TEXT_STYLES}){_END}(?=\{{))"
    rf"|(?P<math>\\(?:{_MATH_SYMBOLS}|{_MATH_STYLES}){_END})"
    r"|(?P<brace>\\[{}])"
    r"|\$(?P<formula>[^\s$](?:[^$]*[^\s$\\])?)\$(?!\d)"
    r"|(?P<char>.)",
    re.DOTALL,
)
_GROUP = "\ue000"
"""Stands for a group in braces that has been found good."""
_SINGLE = rf"(?:\\(?:{_MATH_SYMBOLS}){_END}|[A-Za-z0-9*+]|{_GROUP})"
_ATOM = (
    rf"(?:\\frac{_END}\s*{_GROUP}{_GROUP}|\\(?:{_MATH_STYLES}){_END}\s*(?:{_GROUP}|[A-Za-z0-9])"
    rf"|{_SINGLE}|\\[,;:! ]|[-/=<>()\[\].,:;!?|'])\s*"
)
_FORMULA = re.compile(
    rf"\s*(?:{_ATOM}"
    rf"(?:\^\s*{_SINGLE}\s*(?:_\s*{_SINGLE}\s*)?(?!['^_])|_\s*{_SINGLE}\s*(?:\^\s*{_SINGLE}\s*)?"
    r"(?!['^_]))?)*"
)
_INNERMOST = re.compile(r"\{([^{}]*)\}")
_SHIELDED = re.compile(r"(?=[^A-Z]*[A-Z])[\w\s.:/'’{}-]*")
"""What stands in braces to keep its capitals; other braces are meant to be seen."""
_LONGEST = 500
"""Characters of a formula; what is longer is taken for plain text."""


def latex(text: str) -> str:
    """One line in which every special character is escaped, unless it is LaTeX already.

    Formulas, accents and harmless commands stay as they are; braces are balanced however they are
    counted. Letters that are not ASCII stay too.
    """
    text = safe(text).replace(_GROUP, "")
    pairs = _pairs(text)
    closing: set[int] = set()
    out: list[str] = []
    at = 0
    after_style = False
    while match := _TOKEN.match(text, at):
        kind, token = match.lastgroup, match.group()
        start, at = at, match.end()
        if kind == "formula" and not _is_formula(match["formula"]):
            kind, token, at = "char", "$", start + 1
        if kind == "math":
            token, at = _bare_math(text, start, at, pairs)
        elif kind == "formula":
            token = "$" + _named_braces(match["formula"]) + "$"
        elif kind == "style" and at not in pairs:
            kind, token, at = "char", "\\", start + 1
        if kind == "brace":
            token = _ESCAPES[token[1]]
        elif kind == "char" and token == "{" and start in pairs:
            inside = text[at : pairs[start]]
            if after_style or _is_markup(inside):
                closing.add(pairs[start])
            else:
                token = _ESCAPES[token]
        elif kind == "char" and start not in closing:
            token = _ESCAPES.get(token, token)
        after_style = kind == "style"
        out.append(token)
    return "".join(out)


def keep_capitals(title: str) -> str:
    """``latex`` text with braces around the words in which BibTeX would lower a capital."""
    words, depth, formula = [""], 0, False
    for piece in re.findall(r"\\.|.", title):
        depth += (piece == "{") - (piece == "}")
        formula ^= piece == "$"
        if piece == " " and not depth and not formula:
            words.append("")
        else:
            words[-1] += piece
    loses = [_loses_capital(word) for word in words]
    loses[0] = _loses_capital(words[0][1:] if words[0][:1].isalpha() else words[0])
    runs = []
    for lost, run in groupby(zip(loses, words, strict=True), key=lambda pair: pair[0]):
        body = " ".join(word for _, word in run)
        if lost:
            # "{\" would open what BibTeX calls a special character, and lower it all the same
            body = f"{{{{{body}}}}}" if body.startswith("\\") else f"{{{body}}}"
        runs.append(body)
    return " ".join(runs)


def _loses_capital(word: str) -> bool:
    if "{\\" not in word:
        word = re.sub(r"\{[^{}\\]*\}", "", word)
    return any(char != char.lower() for char in word)


def _pairs(text: str) -> dict[int, int]:
    """Where each brace that has a partner opens, and where it closes."""
    pairs, opened = {}, []
    for match in re.finditer(r"\\.|[{}]", text):
        if match.group() == "{":
            opened.append(match.start())
        elif match.group() == "}" and opened:
            pairs[opened.pop()] = match.start()
    return pairs


def _is_markup(inside: str) -> bool:
    """Whether braces around this are LaTeX: they hold a command, or capitals to be kept."""
    if _SHIELDED.fullmatch(inside):
        return True
    first = _TOKEN.match(inside)
    if first and first["formula"]:
        return _is_formula(first["formula"])
    return first is not None and first.lastgroup in ("kept", "style", "math")


def _is_formula(text: str) -> bool:
    text = _named_braces(text)
    if len(text) > _LONGEST:
        return False
    while match := _INNERMOST.search(text):
        if not _FORMULA.fullmatch(match[1]):
            return False
        text = text[: match.start()] + _GROUP + text[match.end() :]
    return _FORMULA.fullmatch(text) is not None


def _named_braces(formula: str) -> str:
    return formula.replace(r"\{", r"\lbrace ").replace(r"\}", r"\rbrace ")


def _bare_math(text: str, start: int, end: int, pairs: dict[int, int]) -> tuple[str, int]:
    """A command of formulas that stands in plain text, made a formula; and where it ends."""
    whole = end
    while whole in pairs:
        whole = pairs[whole] + 1
    for stop in (whole, end):
        if _is_formula(text[start:stop]):
            return f"${_named_braces(text[start:stop])}$", stop
    return _ESCAPES["\\"], start + 1
