"""Groups of words that tell what a sentence of an abstract is for.

Their weights are fitted (``benchmarks/fit_roles.py``), so that a group need not belong to one role.
"""

from __future__ import annotations

import re

_NUMBER = (
    r"(?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|"
    r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\w+)?|hundred|thousand|million|"
    r"billion|dozens?)"
)
_GROUPS = {
    "we": r"\b(?:we|our|us|i)\b",
    "paper": (
        r"\b(?:(?:this|the present|our) (?:paper|work|article|study|survey|report|thesis|"
        r"letter|note|review)|here|the authors?|authors)\b"
    ),
    "past": (
        r"\b(?:was|were|had|did|\w{3,}ed|found|fell|rose|grew|made|took|gave|got|went|came|"
        r"kept|held|led|lost|won|ran|said|saw|began|became|chose|wore|drew|wrote|read|slept|"
        r"beat|cut|showed|built)\b"
    ),
    "present": (
        r"\b(?:is|are|has|have|does|do|can|remains?|makes?|takes?|gives?|shows?|holds?|"
        r"reach(?:es)?|needs?|goes)\b"
    ),
    "was_done": (
        r"\b(?:was|were) (?:\w+ly )?(?:not |also |then |first )?(?:\w+ed|given|taken|grown|"
        r"made|drawn|shown|put|run|set|held|read|built|fed|kept|cut|sent|asked|told|lent)\b"
    ),
    "is_done": (
        r"\b(?:is|are) (?:\w+ly )?(?:\w+ed|given|taken|made|drawn|built|put|set|run|shown)\b"
    ),
    "modal": (
        r"\b(?:may|might|could|would|should|perhaps|possibly|probably|likely|seems?|appears?|"
        r"presumably)\b"
    ),
    "cannot": (
        r"\b(?:cannot|can not|could not|can't|unable|impossible|fails? to|failed to|beyond|"
        r"out of reach|too \w+ (?:to|for))\b"
    ),
    "negation": (
        r"\b(?:not|no|none|never|nor|neither|nothing|nobody|without|hardly|barely|scarcely)\b"
    ),
    "only": r"\b(?:only|alone|merely|just|solely|a single|one|confined|restricted|limited)\b",
    "lacking": (
        r"\b(?:lack\w*|missing|absent|absence|lost|excluded?|left (?:out|aside)|set aside|"
        r"neglect\w*|ignor\w+|omit\w*|unobserved|unmeasured|unseen|escaped?|underestimat\w*|"
        r"overestimat\w*|undercounted|underrepresented|incomplete|crude\w*)\b"
    ),
    "not_done": (
        r"\b(?:was|were|is|are|did|do|does|has|have|had|been) (?:not|never|yet to)\b|"
        r"\bnot (?:\w+ )?(?:studied|measured|compared|tested|recorded|enrolled|sampled|"
        r"examined|included|considered|assessed|known|covered|part of|looked|asked|shown|seen|"
        r"extend|hold|tell)\b"
    ),
    "study": (
        r"\b(?:sample|samples|study|trial|participants?|respondents?|volunteers?|volunteered|"
        r"recruit\w*|design|follow-up|recordings?|recorded|reported|self-report\w*|diar(?:y|"
        r"ies)|blind\w*|control group|confound\w*|selection|representative|power|assum\w+|"
        r"simplif\w+|uncertaint\w+|bias\w*|measured|observational|conclusions?|findings?|"
        r"results?|evidence|certainty)\b"
    ),
    "elsewhere": (
        r"\b(?:generali[sz]\w*|carry over|transfer\w*|extend\w*|elsewhere|"
        r"other (?:\w+ )?(?:kinds?|places?|countries|languages|regions|species|settings|"
        r"groups|models?)|typical|anywhere|populations?|at large)\b"
    ),
    "yet": (
        r"\b(?:yet|still|remains?|so far|for now|for the time being|at present|open|unknown|"
        r"unclear|uncertain|future|further|later|next|subject of)\b"
    ),
    "small": (
        r"\b(?:small|short|few|little|narrow|brief|one season|one year|single|first|weak|low|"
        r"rare|scarce)\b"
    ),
    "caution": (
        r"\b(?:caution|caveat|limitations?|drawback|at the cost|trade-?off|proves? nothing|"
        r"suspicion|doubt|premature|rash|replicat\w+|needed before|would be needed|"
        r"remains? to be)\b"
    ),
    "weakness": (
        r"\b(?:defeats?|breaks? down|vanish(?:es)?|fails?|garbled|suffer\w*|struggl\w+|"
        r"fool\w*|degrad\w+|worse|slow\w*|prevents?|limits?|require[sd]?|exceeds?|demands?)\b"
    ),
    "percent": (
        r"\d(?:[.,]\d+)?\s*(?:%|per ?cent|percentage|x\b|×|times|points?|-?fold)|"
        r"\b(?:per ?cent|twice|half|halved|third|quarter|fifth|tenth|doubled?|tripled?|"
        r"factor of|times)\b"
    ),
    "count": (
        rf"\b{_NUMBER} (?!per ?cent|percentage|times|points?|years?|months?|weeks?|days?|"
        rf"hours?|minutes?|seconds?|degrees|kilo\w+|milli\w+|metres?|meters?|"
        rf"percent\w*)(?:[\w-]+ ){{0,3}}[a-z-]+(?:s|en|ople|ish|ice)\b"
    ),
    "duration": (
        rf"\b{_NUMBER} (?:years?|months?|weeks?|days?|hours?|minutes?|seasons?|winters?|"
        rf"summers?|nights?|decades?)\b"
    ),
    "people": (
        r"\b(?:patients|adults|children|participants|volunteers|people|women|men|students|"
        r"pupils|workers|users|households|families|infants|respondents|teachers|nurses|"
        r"farmers|couples|drivers|adolescents|mice|rats|birds|dogs|animals|trees|plots|sites|"
        r"farms|schools|hospitals|cities|towns|villages|countries|firms|companies|stars|"
        r"galaxies|languages|projects|repositories|programs|species)\b"
    ),
    "data": (
        r"\b(?:data ?sets?|data|corpus|corpora|benchmarks?|records?|registr\w+|archives?|"
        r"collections?|images|clips|videos?|recordings|cohorts?|census\w*|surveys?|panel|"
        r"questionnaires?|files|logs|samples|specimens|cores|catalogues?|database|suite|"
        r"test set|test ?bed|ground truth|trials)\b"
    ),
    "holds": (
        r"\b(?:compris\w+|consists?|contains?|contained|includ\w+|enrol\w+|took part|"
        r"take part|taking part|were available|come from|came from|drawn from|serv(?:e|es|"
        r"ed) as|provid\w+|made up|make up|numbered|span\w*|covers?|covered|collected|"
        r"obtained|lists?|rests? on|source)\b"
    ),
    "evaluated": (
        r"\b(?:evaluat|experiment|test|train|assess|tried|run|conduct|validat|measur|"
        r"compar)\w* (?:\w+ ){0,3}(?:on|with|in|over|across|for)\b"
    ),
    "done": (
        r"\b(?:we|authors|i|paper|study|work|article|survey|review|letter|note) (?:\w+ly |"
        r"here |then |first |also |therefore |thus )?(?:use|appl|measur|compar|propos|"
        r"introduc|present|develop|describ|design|model|simulat|analy[sz]|examin|study|studi|"
        r"survey|review|train|fine|build|built|collect|record|follow|ask|gave|give|interview|"
        r"estimat|sequenc|monitor|observ|count|link|trac|tested|test|combin|adapt|deriv|"
        r"formulat|argu|classif|label|replac|add|let |took|take|run|ran|map|sampl|fit|prob|"
        r"insert|turn|cast|extend|revisit|assembl|mined|mine|constrain|releas|specif|constru|"
        r"create|recreat|implement|re-implement|randomi[sz]|assign|treat|predict|show how|"
        r"exploit|inject|expos)\w*"
    ),
    "new": (
        r"\b(?:is|are) (?:hereby )?(?:introduced|presented|proposed|described|put forward|"
        r"developed|derived|given|modelled|formulated|cast|designed|outlined)\b|\b(?:a|an|our|"
        r"the|this) (?:new|novel|simple|lightweight|dynamic|proposed)\b|\b(?:method|approach|"
        r"framework|algorithm|architecture|technique|system|tool|scheme|protocol|estimator|"
        r"index|library|layer|network|model|pipeline|controller|agent|policy)\b"
    ),
    "using": (
        r"\b(?:using|by (?:\w+ly )?\w+ing|via|by means of|with the help of|based on|through|"
        r"drawing (?:on|together)|matching|comparing|combining)\b"
    ),
    "compared": (
        r"\b(?:than|compared (?:with|to)|versus|vs|against|relative to|as (?:many|much|often|"
        r"likely|well|good) as|unlike|whereas|while|in contrast|rather than)\b"
    ),
    "change": (
        r"\b(?:outperform|surpass|exceed|achiev|attain|improv|reduc|increas|yield|match|"
        r"decreas|fall|fell|rise|rose|grow|grew|declin|drop|shrink|shrank|collaps|degrad|"
        r"worsen|lower|rais|boost|doubl|halv|cut|gain|recover|climb|went up|went down|goes up|"
        r"down by|up by|disappear|stay|unchanged|unaffected|unaltered|same|equal|identical|"
        r"indistinguish|no difference)\w*"
    ),
    "result": (
        r"\b(?:show|shows|showed|shown|demonstrat\w+|find|finds|found|reveal\w*|suggest\w*|"
        r"indicat\w+|conclud\w+|confirm\w*|turns? out|turned out|prov(?:e|es|ed)|emerg\w+|"
        r"explain\w*|account(?:s|ed)? for|impl(?:y|ies|ied)|agree[sd]?|predict\w*|detect\w*|"
        r"discover\w*|observed|evident\w*|establish\w*|admits?|matters?)\b"
    ),
    "comparative": (
        r"\b(?:more|less|fewer|better|faster|higher|lower|larger|smaller|longer|shorter|"
        r"stronger|worse|most|least|best|\w{3,}est|slower|cheaper|earlier|later)\b"
    ),
    "conclusion": (
        r"\b(?:thus|therefore|hence|consequently|so|in short|in other words|accordingly|"
        r"overall|it seems|then)\b"
    ),
    "belief": (
        r"\b(?:disput\w+|debat\w+|unknown|untested|fear\w*|thought|believ\w+|assum\w+|"
        r"suspect\w*|suppos\w+|claim\w*|wisdom|blam\w+|concern\w*|worr\w+|said|told|expect\w*|"
        r"promis\w+|promot\w+|advis\w+|recommend\w*|hop(?:e|ed|es)|rumou?r\w*|contested|"
        r"controvers\w+|puzzl\w+|mystery|question|wonder\w*|long been|argued|disagree)\b"
    ),
    "generic": (
        r"\b(?:often|usually|widely|commonly|typically|many|most|seldom|rarely|few|everywhere|"
        r"every|always|frequently|generally|traditionally|existing|conventional|current|"
        r"recent\w*|increasingly|prior|previous\w*)\b"
    ),
    "trouble": (
        r"\b(?:challeng\w*|problem\w*|difficult\w*|hard|expensive|costly|cost|prohibitive\w*|"
        r"bottleneck|lack\w*|suffer\w*|scarce|slow|painful\w*|nobody|no one|poorly|"
        r"little (?:is|was)|unclear|gap|nightmare|unsolved|waste\w*|fail|kill\w*|lose|die|"
        r"threat\w*|ill|neglected|overlook\w*)\b"
    ),
    "but": (
        r"\b(?:however|but|yet|despite|although|though|nevertheless|nonetheless|unfortunately|"
        r"while)\b"
    ),
    "whether": r"\b(?:whether|if|why|how|what|which|who|where)\b|\?",
    "asks": (
        r"\b(?:ask|asks|asked|wonder|question|test|tested|examine[sd]?|investigate[sd]?|"
        r"evaluate[sd]?|study|studied|explore[sd]?) (?:whether|if|how|why|what|which|"
        r"the (?:effect|influence|role|impact))\b|\bto (?:determine|find out|learn|see|"
        r"understand|test) (?:whether|if|how|why|what)?|\b(?:aim|aims|objective|goal|purpose|"
        r"question)\b"
    ),
    "asked": (
        r"\b(?:we|i|this (?:paper|work|article|study|survey|report|thesis)|the (?:authors?|paper|"
        r"study)) \w+(?: (?:if|whether|how|why|what|which)|,? the (?:effect|influence|role|impact))"
        r"\b"
    ),
    "opens_pronoun": (
        r"^(?:they|it|this|these|those|such|each|both|either|all of|most of|he|she|its|their|"
        r"the (?:latter|former|two|effect|gap|difference|gain|result|same))\b"
    ),
    "opens_conjunction": (
        r"^(?:however|but|yet|nevertheless|nonetheless|moreover|further\w*|also|finally|thus|"
        r"hence|therefore|so|overall|in short|in contrast|still)\b"
    ),
    "opens_preposition": (
        r"^(?:using|with|from|by|in|on|at|over|across|among|of|for|to|after|before|during|"
        r"between|through|drawing|when|since|because|unlike|compared|under|upon|without)\b"
    ),
    "opens_number": rf"^(?:some |about |nearly |a total of |in all,? )?{_NUMBER}\b",
    "opens_article": r"^(?:the|a|an)\b",
    "opens_question": (
        r"^(?:does|do|did|is|are|can|could|how|what|why|which|who|where|when|whether|if|"
        r"should|will)\b"
    ),
    "headed_problem": (
        r"^(?:background|objectives?|aims?|purpose|introduction|importance|context|problem|"
        r"rationale|question)s?\s*:"
    ),
    "headed_method": (
        r"^(?:methods?|design|setting|interventions?|materials?|procedure|main outcomes?|"
        r"approach|analysis)\b[\w ]*:"
    ),
    "headed_data": (
        r"^(?:participants?|patients|data|subjects|setting|population|sample|"
        r"materials)\b[\w ]*:"
    ),
    "headed_finding": (
        r"^(?:results?|findings?|conclusions?|interpretation|outcomes?|significance|"
        r"discussion)\b[\w ]*:"
    ),
    "headed_limits": r"^(?:limitations?|caveats?|weakness\w*)\b[\w ]*:",
    "available": (
        r"\b(?:available|github|open[- ]source|released?|code (?:is|are|and)|freely|"
        r"download)\b"
    ),
    "useful": (
        r"\b(?:may|might|could|can|should|ought|worth|promis\w+|open up|guide|help|suitable|"
        r"applications?|useful|use)\b"
    ),
}
_PATTERNS = [re.compile(pattern) for pattern in _GROUPS.values()]
"""For sentences in lower case."""
MOST = 2
"""Words of a group from which on more of them tell nothing."""


def counts(sentence: str) -> list[int]:
    """How many words of each group a sentence has, at most ``MOST``."""
    sentence = sentence.lower()
    return [min(len(pattern.findall(sentence)), MOST) for pattern in _PATTERNS]
