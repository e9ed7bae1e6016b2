"""What tells where an English sentence ends, beyond Punkt's rules: word lists and patterns.

Every pattern is linear in the length of the text: repetitions are bounded, or their pieces differ.
"""

from __future__ import annotations

import re

ABBREVIATIONS = frozenset(
    """a.k.a a.m acad al biochem biol biophys br chem co commun conf corp def dept esp et etc eur
    i.i.d inc inst int jr lett ltd med natl p.m ph.d phys proc rep res resp rev sci soc sp spp symp
    u.k u.s u.s.a univ v.s w.l.o.g""".split()
)
"""They end a sentence only before one of ``FIRST_WORDS``."""
_NEVER_LAST = (
    r"[Ee]\.\s?g|[Ii]\.\s?e|[Cc]f|ca|vs|[Vv]iz|w\.r\.t|approx|[Ff]igs?|[Ee]qn?s?"
    r"|[DM]rs?|Ms|Prof|St|Mt"
)
_BEFORE_NUMBERS = (
    "[Cc]h|[Cc]hap|[Ll]em|[Nn]os?|p|pp|[Pp]rop|[Rr]efs?|[Ss]ecs?|[Ss]ects?|[Tt]abs?|[Tt]hm|v|[Vv]ol"
    "|Jan|Feb|Apr|Aug|Sept|Oct|Nov|Dec"
)
_LABELS = """aim aims background conclusion conclusions findings introduction method methods
objective objectives purpose result results""".split()
FIRST_WORDS = frozenset(
    """a additionally all although an and another as at based because both but by compared
    conversely despite due each finally first for from furthermore given hence here how however if
    importantly in instead it its many more moreover most nevertheless next no none notably of on
    one other our overall recent recently second several similarly since so some such surprisingly
    that the their then there therefore these they this those though through thus to together two
    under unlike using we what when where whereas whether which while with without yet""".split()
).union(_LABELS)
"""Words that begin sentences and are seldom names, in small letters."""

_LABEL = "|".join(label.capitalize() for label in _LABELS)
_WORDS = "|".join(sorted(word.capitalize() for word in FIRST_WORDS))
_FIRST = rf"(?:{_WORDS}|{_LABEL.upper()})(?=[\s,:])"
_SMALL = "[a-zà-öø-ÿα-ω]"
_NAME = rf"{_SMALL}[\w-]*[A-Z\d]"
"""A name that keeps its small letter at the beginning of a sentence: mRNA, p53, muTransfer."""
_ITEM = r"\(?(?:\d\d?|[A-Za-z]|[ivx]{1,5})[.)]{1,2}|[-*–•‣▪●]"
"""What stands before an item of a list."""

HIDDEN = re.compile(
    rf"""
      (?<![\w.-])(?:{_NEVER_LAST})\.
    | (?<![\w.-])(?:{_BEFORE_NUMBERS})\.(?=\s?[(\[]?\d)
    | \bYahoo!(?!\s+{_FIRST})
    | (?P<formula>
          \$\$[^$]{{1,999}}\$\$
        | \\\([^\n]{{1,300}}?\\\)
        | (?<!\\)\$(?![\s$]) (?:[^$.]|\.(?!\s+[A-Z])){{1,300}} (?<!\s)\$(?!\d)    # no prices
      )
    | (?P<stop>
          \.(?:\s?\.){{2,}} | …
        | (?<=[a-z]{{4}})[.?!]\d\d?(?:[,–-]\d\d?)*(?=\s+[A-Z]|\s*\Z)              # before.3 We
        | [.?!]\s?\[\d[\d,\s–-]{{,40}}\](?=\s+[A-Z]|\s*\Z)                        # before. [3] We
      )
    """,
    re.VERBOSE,
)
"""Stops that end no sentence; formulas; and, as ``stop``, several marks that are one full stop."""

UNSEEN = re.compile(
    rf"""
      (?<=\d\.)\s+(?={_NAME})                              # below 0.05. mRNA
    | (?:(?<=\d\s[a-z]\.)|(?<=\d[a-z]\.))\s+(?=[A-Z])      # for 24 h. Mice
    | (?:(?<=[A-Z]{{2}}\.)|(?<=\s[α-ω]\.))\s+(?=[A-Z][a-z]*\b(?!\.))    # via MED. Costs
    | (?<=[\s(-][A-Z]\.)\s+(?={_FIRST})                    # in part B. However
    | (?<=[a-z]{{5}}\s[A-DF-RT-Z]\.)\s+(?=[A-Z][a-z]+\s)   # vitamin D. Mice, but S. Typhi
    | (?:(?<=[a-z]{{3}}[.?!])|(?<=[\d)%\]][.?!]))(?={_FIRST})     # results.We
    | (?:\s\([^()]{{1,200}}\)|%)\.(?=[A-Z][a-z]*[\s:,])    # (P = .18).Mice
    | [。！？｡।؟][」』”’）】]*
    | \n\s*\n
    | \n(?=\s*(?:{_ITEM})\s)
    | \s(?=[•‣▪●]\s+[A-Z])
    """,
    re.VERBOSE,
)
"""Ends of sentences that Punkt does not see, and what follows them up to the next sentence."""

JOINED = re.compile(
    rf"""
      ^(?:{_ITEM}|(?:{_LABEL})[.:])⏎                       # 1.⏎We, Methods.⏎We
    | [:;]\s\d\d?\.⏎                                       # as follows: 1.⏎We
    | ⏎[,;:&)\]}}]
    | \b[A-Z]\.⏎\((?:19|20)\d\d                            # Marlowe, J.⏎(1999)
    | (?:[A-Z]\.-?){{2,}}⏎(?!{_FIRST})[A-Z]                # R.P.⏎Hartwell
    | (?:\b[^\W\d_]{{1,3}}\.|[?!…]|\.\.|[.?!…]["'”’)\]]+)⏎(?!{_NAME}){_SMALL}    # C.⏎elegans
    | [a-zA-Z]\.[a-zA-Z]+\.⏎{_SMALL}                       # i.v.⏎doses
    """,
    re.VERBOSE,
)
"""Two pieces of one sentence, around ⏎."""
SEEN = 40
"""Characters on either side of ⏎ that ``JOINED`` needs."""
