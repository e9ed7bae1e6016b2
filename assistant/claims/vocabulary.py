"""The words by which findings say that something goes up or down, is good or bad, or the same."""

from __future__ import annotations

import re

from assistant.words import stem


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


RISES = _words(
    """increase increases increased increasing rise rises rose risen rising grow grows grew
    growing climb climbs climbed raise raises raised raising boost boosts boosted lengthen lengthens
    lengthened prolong prolongs prolonged extend extends extended promote promotes promoted
    accelerate accelerates accelerated foster fosters fostered spur spurs spurred elevate elevates
    elevated double doubles doubled triple triples tripled induce induces induced stimulate
    stimulates stimulated enlarge enlarges enlarged multiply multiplies multiplied deepen deepens
    deepened quicken quickens quickened widen widens widened soar soars soared surge surges surged
    swell swells intensify intensifies intensified amplify amplifies amplified fuel fuels fuelled
    encourage encourages encouraged trigger triggers triggered cause causes caused provoke provokes
    provoked restore restores restored steepen steepens steepened thicken thickens thickened
    speed speeds sped enhance enhances enhanced strengthen strengthens strengthened"""
)
FALLS = _words(
    """decrease decreases decreased decreasing fall falls fell fallen falling drop drops dropped
    decline declines declined lower lowers lowered lowering reduce reduces reduced reducing cut cuts
    shrink shrinks shrank shrunk shorten shortens shortened suppress suppresses suppressed inhibit
    inhibits inhibited prevent prevents prevented diminish diminishes diminished slow slows slowed
    curb curbs curbed dampen dampens dampened damp damps damped eliminate eliminates eliminated
    halve halves halved lessen lessens lessened depress depresses depressed plunge plunges plunged
    dwindle dwindles dwindled displace displaces displaced narrow narrows narrowed sink sinks sank
    slump slumps slumped plummet plummets plummeted deplete depletes depleted attenuate attenuates
    attenuated mitigate mitigates mitigated relieve relieves relieved blunt blunts blunted deter
    deters deterred discourage discourages discouraged block blocks blocked halt halts halted stop
    stops stopped avert averts averted disappear disappears disappeared vanish vanishes vanished
    flatten flattens flattened weaken weakens weakened stunt stunts stunted delay delays
    delayed"""
)
BETTER = _words(
    """improve improves improved improving help helps helped benefited benefitted
    aid aids aided protect protects
    protected sharpen sharpens sharpened ease eases eased shield shields shielded alleviate
    alleviates alleviated facilitate facilitates facilitated"""
)
WORSE = _words(
    """worsen worsens worsened destroy destroys destroyed worsening hurt hurts harm harms harmed
    degrade degrades degraded degrading impair impairs impaired damage damages damaged collapse
    collapses collapsed deteriorate deteriorates deteriorated undermine undermines undermined
    hinder hinders hindered hamper hampers hampered erode erodes eroded backfire backfires
    backfired"""
)
LINKS = _words(
    """predict predicts predicted affect affects affected influence influences influenced determine
    determines determined govern governs governed shape shapes shaped alter alters altered"""
)
"""Verbs that say that one thing makes a difference to another, whichever."""
PROTECTING = _words("protect protects protected shield shields shielded")
"""Verbs whose effect on what stands behind "against" is that there is less of it."""
STRONG = _words("large strong marked significant substantial clear considerable big major profound")
"""Before "effect on", say that there is one, whichever."""
NOUNS_UP = _words("rise growth increase gain gains improvement improvements boost")
NOUNS_DOWN = _words("fall drop decline decrease reduction reductions loss losses degradation")
COMPARED_UP = _words(
    """more higher greater larger longer faster warmer thicker heavier denser taller bigger wider
    deeper quicker steeper hotter brighter likelier costlier"""
)
COMPARED_DOWN = _words(
    """less lower fewer smaller shorter slower thinner lighter sparser rarer shallower cooler colder
    fainter cheaper"""
)
COMPARED_GOOD = _words("better stronger cleaner superior")
COMPARED_BAD = _words("worse weaker poorer inferior")
WINS = _words(
    """outperform outperforms outperformed outperforming surpass surpasses surpassed exceed exceeds
    exceeded beat beats beaten outdo outdoes outdid outscore outscores outscored"""
)
LOSES = _words("underperform underperforms underperformed trailed lagged")
NEGATIONS = _words(
    """not no never none neither nor without cannot hardly barely fail fails failed failing unable
    nothing little lack lacks lacked"""
)
STATES: dict[str, tuple[str, int]] = {
    word: (dimension, sign)
    for dimension, signs in {
        "needed": {
            1: "necessary needed required essential indispensable vital crucial requirement "
            "precondition prerequisite imperative",
            -1: "unnecessary needless dispensable superfluous redundant optional immaterial",
        },
        "enough": {
            1: "sufficient suffice suffices sufficed adequate enough",
            -1: "insufficient inadequate",
        },
        "steady": {
            1: "stable durable robust reliable dependable safe sound",
            -1: "unstable fragile brittle unreliable unsafe dangerous",
        },
        "use": {
            1: "beneficial helpful effective useful advantageous",
            -1: "harmful detrimental ineffective useless counterproductive damaging toxic",
        },
        "end": {
            1: "converge converges converged succeed succeeds succeeded",
            -1: "diverge diverges diverged",
        },
        "possible": {1: "possible feasible", -1: "impossible infeasible"},
    }.items()
    for sign, words in signs.items()
    for word in words.split()
}
"""Adjectives and verbs that state a property: the property, and whether it is there."""
STATING = _words("suffice suffices sufficed converge converges converged diverge diverges diverged")
"""Those of them that are verbs."""
PROPERTIES = frozenset(dimension for dimension, _ in STATES.values())
VERBS: dict[str, tuple[str, int]] = {
    **dict.fromkeys(RISES, ("amount", 1)),
    **dict.fromkeys(FALLS, ("amount", -1)),
    **dict.fromkeys(BETTER, ("worth", 1)),
    **dict.fromkeys(WORSE, ("worth", -1)),
    **dict.fromkeys(LINKS, ("link", 1)),
}
NOUNS = {**dict.fromkeys(NOUNS_UP, 1), **dict.fromkeys(NOUNS_DOWN, -1)}
COMPARED: dict[str, tuple[str, int]] = {
    **dict.fromkeys(COMPARED_UP, ("amount", 1)),
    **dict.fromkeys(COMPARED_DOWN, ("amount", -1)),
    **dict.fromkeys(COMPARED_GOOD, ("worth", 1)),
    **dict.fromkeys(COMPARED_BAD, ("worth", -1)),
    "safer": ("steady", 1),
}
IRREGULAR = {
    "fell": "fall", "fallen": "fall", "rose": "rise", "risen": "rise", "grew": "grow",
    "grown": "grow", "lost": "lose", "slept": "sleep", "held": "hold", "shed": "lose",
    "depressive": "depression", "aggressive": "aggression", "longest": "long", "formation": "form",
    "deaths": "death", "won": "win", "learnt": "learn", "wrote": "write", "written": "write",
    "infected": "infection", "improvement": "improve", "resistant": "resistance",
}  # fmt: skip
"""Forms whose stem is another than that of the word they belong to."""
SYNONYMS = {
    stem(word): stem(line.split()[0])
    for line in """
        defects defect faults fault bugs bug
        mortality death dying
        income earnings wages wage pay
        employment headcounts headcount jobs hiring
        sales turnover takings revenue revenues
        marks grades examination exam
        yield yields harvest harvests
        aggression hostile hostility violence
        depression mood
        emissions emission fluxes flux release
        speed pace velocity
        sleep slumber
        weight mass kilograms
        humidity moisture moist humid water
        teenagers teenager teenage adolescents adolescent youth teen teens
        elderly elders elder
        children child pupils pupil kids
        conversation talking talk conversations
        biodiversity diversity
        hallucinations hallucination confabulations
        parameters parameter weights
    """.strip().splitlines()
    for word in line.split()
}
"""Stems of quantities and subjects that have several names, to that of the first."""
GOOD_QUANTITIES = _words(
    """accuracy performance quality score scores result results marks grades achievement bleu recall
    precision efficiency yield yields output reliability stability robustness retention memory
    strength growth recognition recovery survival wellbeing health trust confidence employment
    productivity earnings income learning diversity efficacy skill skills tagging"""
)
BAD_QUANTITIES = _words(
    """error errors loss losses defects defect faults fault bugs bug risk mortality deaths death
    infection infections pain incidence cost costs latency delay delays emissions stress symptoms
    perplexity aggression corrosion bleaching damage disease injuries injury falls failure failures
    bias toxicity pollution mistakes hallucinations anxiety depression noise"""
)
PLAIN_QUANTITIES = _words(
    """performance quality score scores result results accuracy marks grades outcome outcomes error
    errors bleu test rates rate levels level value values"""
)
"""Names of how well something goes, which stand for one another."""
HOW_WELL = PLAIN_QUANTITIES | _words("perplexity recall precision recognition success loss f1 auc")
"""The same, with those that are named for how they are measured."""
COUNTS = _words(
    """rate rates level levels incidence number numbers amount amounts risk risks frequency
    abundance count counts total totals density height time cost costs fraction occurrence
    share sum sums degree extent value values content emissions"""
)
"""Names of quantities that say only together with another word what they are of."""
SAME = re.compile(
    r"\b(?:no|not any|nor|little|neither)(?: statistically| clinically)? "
    r"(?:(?!more|less)[\w-]+ ){0,2}?"
    r"(?:effects?|differences?|changes?|associations?|links?|influences?|impacts?|relations?|"
    r"relationships?|correlations?|trends?|benefits?|gains?|advantages?|excess|improvements?|"
    r"reductions?|protection|edge|signals?|role|information|penalty|harm)\b"
    r"|\b(?:is|are|was|were|be|been|remain(?:s|ed)?|stay(?:s|ed)?|left|leav(?:es|e|ing)|kept|"
    r"keeps)\b(?: (?!not\b|no\b)[\w-]+){0,5}? (?:unchanged|unaffected|unaltered|unmoved|"
    r"identical|the same(?= (?:in|at|as|for|across|with|without|between|before|after|on|to|"
    r"under|whether|when)\b|"
    r"[.,;]|$)|indistinguishable|alike|irrelevant|immaterial|indifferent|independent of|unrelated|"
    r"uncorrelated|intact|"
    r"equal|"
    r"equally|flat|just as|constant)\b(?! (?:way|time|hardware|field|budget))"
    r"|\bthe same (?:fraction|share|proportion|course|extent|rate|number|amount)\b"
    r"|\b(?:is|was|are|were) (?:just |about |every bit )?as (?!much|low|high|little)[a-z]+ as\b"
    r"|\bas (?:much|many) (?:\w+ ){1,2}as\b"
    r"|\b(?:barely|hardly|scarcely) (?:change|differ|affect|var|influence|matter)\w*"
    r"|\bas (?:often|frequently|fast|quickly|likely) as\b|\b(?:show|have|had|showed) equal\b"
    r"|\bnegligible (?:effects?|differences?|influences?|impacts?|changes?)\b"
    r"|\bstay(?:s|ed)? at the (?:\w+ ){0,2}level\b"
    r"|\b(?:level(?:s|led)? off|plateau(?:s|ed)?|nothing to do with)\b"
    r"|\b(?:equalled|equals)\b|\bheld constant\b|\bstatistically equal\b"
    r"|\b(?:stay|stays|stayed|remain|remains|remained|is|are|was|were) "
    r"within (?:one|two|a|half a|\d[\d.]*) (?:percentage )?points? of\b"
    r"|\b(?:did|does|do|could|can|is|was|are|were)(?: not|n't) "
    r"(?:\w+ )?(?:matter|differ|depend|change|affect|alter|influence|predict|move|be told apart|"
    r"respond|vary|depart)\b"
    r"|\bneither [^.;]{3,60} nor [^.;]{3,40} (?:departed|differed|changed)\b"
    r"|\b(?:without regard to|says? nothing about|said nothing about|made no|makes no)\b"
    r"|\bmatch(?:es|ed) that of\b",
    re.IGNORECASE,
)
"""Says that there is no effect or no difference."""
APPEARING = _words("emerged appeared shown seen detected noted observed evident found")
"""Words of a clause that names nothing but that something was there or not."""
LOSING = _words("lose loses lost forgo forgoes forgot miss misses missed")
"""Verbs after which "more" means that less is left."""
WRONG = _words("wrong incorrect mistaken fail fails failed err errs erred crash crashes crashed")
"""Before "more often", say that something does worse."""
EFFECTS = {
    noun: {
        **dict.fromkeys(("positive", "beneficial", "favourable", "favorable", "helpful"), 1),
        **dict.fromkeys(("negative", "adverse", "detrimental", "harmful", "damaging"), -1),
    }
    for noun in ("effect", "effects", "impact", "impacts", "influence")
}
TIES = _words("relation relationship correlation association link")
"""Before "between" or "with", after "positive" or "negative", say which way two things go."""
MULTIPLES = {"half": -1, "twice": 1, "double": 1, "triple": 1}
"""Before "the rate of" or "as many", say what is more or less."""
FREQUENT = _words("frequent common numerous abundant prevalent widespread")
"""After "more", say only that there is more of the subject."""
ACTING = re.compile(r"(?:change|affect|alter|influence|predict)$", re.IGNORECASE)
"""Ends such words where what is unchanged stands behind."""
DOES_WELL = _words(
    """did do does performed perform performs scored score scores remembered remember recalled
    recall learned learnt worked work works fared achieved succeeded"""
)
"""Verbs after which "more" and "higher" mean "better"."""
LED_TO = _words("lead leads led leading result results resulted associated linked correlated")
"""Before "to", "in" or "with", say that what follows comes of something."""
FOUND_TO = _words(
    """fail fails failed shown found appear appears appeared tend tends tended continue continues
    continued seem seems seemed observed proved likely suffice suffices sufficient known
    nothing little able unable help helps helped"""
)
"""Before "to", say that what follows happens."""
PARTS_CLAUSES = re.compile(
    r"[;:]\s|,?\s(?:whereas|while|although|though|but|because|since|so that|and so|"
    r"even if|unless)\s|,\s(?:so|with|and|as|owing|showing|suggesting|confirming|implying|yet)\s"
    r"|(?<!extent to)\swhich\s|\s[-–—]+\s",
    re.IGNORECASE,
)
REMOVED = _words(
    """remove removed removing removal delete deleted deleting drop dropping dropped without lacking
    absence lack ban banning banned abolish abolishing withdrawn withdrawing withheld withdrawal
    skipping inhibition inhibitor inhibitors inhibiting knockdown knockout depletion depleted
    deficiency deficient antagonist blockade silencing ablation antibody targeting mutant"""
)
"""Words that turn a factor into its absence."""
ASIDE = re.compile(
    r"\b(?:however|challeng|unclear|future|aim|goal|need to|hope|motivat|intend|would)\w*\b",
    re.IGNORECASE,
)
"""Marks what is missing or wanted, no finding."""
OWN = re.compile(
    r"\b(?:our|ours|the proposed|proposed|we (?:propose|introduce|present|develop)|this (?:new )?"
    r"(?:method|approach|model|framework|system|algorithm|technique)|(?:a|the) (?:new|novel)|"
    r"the resulting|existing|state[- ]of[- ]the[- ]art|baselines?|prior|previous(?:ly)?)\b",
    re.IGNORECASE,
)
"""A finding about what the paper itself brings, which no other paper has."""
