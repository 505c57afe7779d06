"""Flaws in how a question is worded: its vignette, its lead-in, its explanations."""

import re
from collections.abc import Iterator

from qbank.bank.flaw import Flaw, lead_in, vignette
from qbank.core.question import Question

VIGNETTE_WORDS = (60, 160)
MOST_TO_REMEMBER = 2
"""Sentences; more are a summary, and nobody keeps a summary. [judged]"""
LONGEST_SENTENCE = 45
"""Words; US readers' guides call sentences over 25 words hard, and a list of findings is one. [judged]"""


def flaws(question: Question) -> Iterator[Flaw]:
    """Each flaw of its wording."""
    yield from _vignette(question)
    yield from _lead_in(question)
    yield from _explanations(question)


_WORD = re.compile(r"\w[\w'’./,-]*")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“(])")
_UNKIND = re.compile(
    r"\b(claims (to|that)|admits (to|that)|alcoholics?|(drug )?(addicts?|abusers?)|suffer(s|ing)? from|non-?complian(t|ce)"
    r"|(mentally )?retarded|demented|(schizophrenic|diabetic|epileptic)(s| (man|woman|boy|girl|patient|person))"
    r"|obese (man|woman|person)|wheelchair[- ]bound"
    r"|failed (therapy|treatment)|poor historian|drug[- ]seek\w+|victims?)\b",
    re.IGNORECASE,
)


def _vignette(question: Question) -> Iterator[Flaw]:
    text = vignette(question)
    words = len(_WORD.findall(text))
    low, high = VIGNETTE_WORDS
    if not low <= words <= high:
        yield Flaw("vignette-length", f"The vignette has {words} words.", f"Aim at {low} to {high}.")
    told = "\n".join(line for line in text.split("\n") if not line.lstrip().startswith("|"))
    for sentence in _SENTENCE_END.split(told):
        length = len(_WORD.findall(sentence))
        if length > LONGEST_SENTENCE:
            message = f'The sentence "{sentence[:40]}..." has {length} words.'
            yield Flaw("long-sentence", message, "Make two of it.")
    for found in _UNKIND.finditer(question.stem):
        mend = "Put the person first: a woman with diabetes; he says that he drinks."
        yield Flaw("unkind-word", f'The stem says "{found[0]}".', mend)


_NEGATIVE = re.compile(
    r"\b(except|EXCEPT)\b|\bNOT\b|\bleast (likely|appropriate|consistent)\b"
    r"|\b[Ww]hich( of the following)?( (?!(why|that|who|he|she|it|they|this|these)\b)[\w-]+){0,4}"
    r" (should (not|never)|can ?not)\b"
    r"|\bfollowing (\w+ ){0,2}(is|are|was|were|would|does|do|did|should|can|could|will) (\w+ )?not\b"
    r"|\b(is|are) (false|incorrect|untrue)\b(?![ -](positive|negative))"
)
_SOFT = re.compile(
    r"\b(is|are) (associated with|useful for|important)\b|\b(could|may|might) be\b", re.IGNORECASE
)
_OPEN_ARTICLE = re.compile(r"\b(a|an)[\s_.:?]*$")
_NUMBER = re.compile(r"\b(?:following|these)(?: \w+){0,3}? (is|are|was|were|has|have)\b", re.IGNORECASE)


def _lead_in(question: Question) -> Iterator[Flaw]:
    text = lead_in(question)
    if not text.rstrip("\"'”’)").endswith("?"):
        mend = 'End the last paragraph with a question and "?".'
        yield Flaw("open-lead-in", "The lead-in is not a question.", mend)
    if _NEGATIVE.search(text):
        mend = "Ask for what does hold."
        yield Flaw("negative-lead-in", "The lead-in asks for what does not hold.", mend)
    if soft := _SOFT.search(text):
        yield Flaw(
            "soft-lead-in", f'The lead-in says "{soft[0]}".', "Ask for the one thing that is most likely so."
        )
    article = _OPEN_ARTICLE.search(text)
    if article:
        vowel = article[1] == "an"
        if any((option.text[:1].lower() in "aeiou") != vowel for option in question.options):
            mend = "Close the lead-in, or move the article into the options."
            yield Flaw("article-cue", f'The lead-in\'s "{article[1]}" does not fit every option.', mend)
    if _agrees_alone(question, text):
        mend = "Put all options in one number."
        yield Flaw("number-cue", "Of the options the key alone agrees with the lead-in in number.", mend)


def _agrees_alone(question: Question, text: str) -> bool:
    verb = _NUMBER.search(text)
    if verb is None:
        return False
    plural = verb[1].lower() in ("are", "were", "have")
    agreeing = [option for option in question.options if _is_plural(option.text) == plural]
    return agreeing == [question.key]


def _is_plural(text: str) -> bool:
    """By the ending of what comes before the first preposition."""
    head = re.split(r" (?:of|in|by|from|to|with|at|on|for|through|without|between|into)\b", text)[0]
    return re.search(r"[^sui]s$|(?:[^aeiou]ie|[sxz]e|[cs]he)s$", head.strip(" .")) is not None


_OTHER_OPTION = re.compile(r"\b([Oo]ption|[Cc]hoice|[Aa]nswer) \(?[A-H]\)?(?![\w-])|\b[Ss]ee above\b")


def _explanations(question: Question) -> Iterator[Flaw]:
    for option in question.options:
        if not option.explanation:
            mend = "Say below it, indented, why it is picked and what rules it in or out."
            yield Flaw("no-explanation", f'The option "{option.text}" has no explanation.', mend)
        elif _OTHER_OPTION.search(option.explanation) and not question.fixed_order:
            mend = "Name the thing itself: the options are shuffled."
            message = f'The explanation of "{option.text}" points to another option.'
            yield Flaw("cites-a-letter", message, mend)
    if not question.remember:
        mend = "End it with `> One sentence.`"
        yield Flaw("no-remember", "The question has no sentence to remember.", mend)
    elif (count := len(_SENTENCE_END.split(question.remember))) > MOST_TO_REMEMBER:
        message = f"There are {count} sentences to remember."
        yield Flaw("long-remember", message, "Keep the one that the next case needs.")
