"""Flaws in a question's options, and what they give away when they are read without the stem."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from qbank.bank.flaw import Flaw, shuffled, telling_words
from qbank.core.option_order import cites_place, is_all_or_none, quantity
from qbank.core.question import Question

KEY_LENGTH_RATIO = 1.2  # writing-questions: options of like length; the key no more than a fifth longer
KEY_LENGTH_MARGIN = 15  # characters; below that nobody sees a difference
LONGEST_OPTION = 25
"""Words. [judged]"""
REPEATED = 3
"""Words that all options begin or end with. [judged]"""
CONVERGENCE = 3
"""By how many more shared words the key leads. [judged]"""


def flaws(question: Question) -> Iterator[Flaw]:
    """Each flaw of the options."""
    yield from _words(question)
    yield from _shapes(question)
    yield from _sets(question)
    yield from _cues(question)
    yield from _places(question)
    yield from _order(question)


_ABSOLUTE = re.compile(r"(?<![\w-])(always|never|only|all)(?![\w-])", re.IGNORECASE)
_VAGUE = re.compile(
    r"\b(often|usually|frequently|commonly|sometimes|occasionally|rarely|generally)\b", re.IGNORECASE
)
_SOFT = re.compile(r"\b(may|might|could)\b(?! (?:I|we|you|be \w+ed)\b)", re.IGNORECASE)


def _words(question: Question) -> Iterator[Flaw]:
    for option in question.options:
        if is_all_or_none(option.text):
            mend = "Replace it by an answer of the same kind as the others."
            yield Flaw("all-or-none", f'"{option.text}" is not an answer.', mend)
            continue
        absolute, vague = _ABSOLUTE.search(option.text), _VAGUE.search(option.text)
        said = _is_said(option.text)
        if absolute and not said:
            mend = "Reword it: absolutes mark an option as wrong."
            yield Flaw("absolute", f'The option "{option.text}" says "{absolute[0]}".', mend)
        if vague and not said:
            mend = "Say how many, or leave it out."
            yield Flaw("vague-frequency", f'The option "{option.text}" says "{vague[0]}".', mend)
        if (soft := _SOFT.search(option.text)) and not said:
            mend = "Say what is so."
            yield Flaw("soft-wording", f'The option "{option.text}" says "{soft[0]}".', mend)


def _is_said(text: str) -> bool:
    """Whether an option is what somebody says, in which such words are natural."""
    return text.startswith(('"', "“", "'", "‘"))


def _shapes(question: Question) -> Iterator[Flaw]:
    texts = [option.text for option in shuffled(question)]
    for text in texts:
        if len(text.split()) > LONGEST_OPTION and not _is_said(text):
            mend = "Move what they share or describe into the stem."
            yield Flaw("long-options", f'The option "{text[:40]}..." has {len(text.split())} words.', mend)
    words = [text.split() for text in texts]
    if len(words) < 2 or any(map(_is_said, texts)):
        return
    for lists, where in ((words, "begin"), ([line[::-1] for line in words], "end")):
        shared = _shared_start(lists)
        if shared >= REPEATED:
            said = " ".join(lists[0][:shared] if where == "begin" else lists[0][:shared][::-1])
            yield Flaw("repeated-words", f'All options {where} with "{said}".', "Move it into the lead-in.")
    numbers = [quantity(text) is not None for text in texts]
    begun = [number or text[:1].isdigit() for text, number in zip(texts, numbers, strict=True)]
    if any(numbers) and not all(begun):
        rarer = sum(numbers) * 2 < len(numbers)
        odd = texts[begun.index(rarer)]
        yield Flaw(
            "mixed-kinds", f'"{odd}" is of another kind than the others.', "Make all numbers, or none."
        )
    stops = [text.endswith(".") for text in texts]
    if any(stops) and not all(stops):
        yield Flaw("mixed-kinds", "Some options end in a full stop, and some do not.", "Make them alike.")


def _shared_start(lists: Sequence[Sequence[str]]) -> int:
    count = 0
    for column in zip(*lists, strict=False):
        if len(set(column)) > 1:
            break
        count += 1
    return count


_DIRECTIONS = {
    "increase": {"increase", "increased", "increases", "higher", "rise", "rises"},
    "decrease": {"decrease", "decreased", "decreases", "lower", "fall", "falls"},
    "same": {"no change", "unchanged", "no difference", "stays the same", "the same", "normal"},
}
_OPPOSITES = [
    ("increased", "decreased"),
    ("increase", "decrease"),
    ("high", "low"),
    ("higher", "lower"),
    ("activation", "inhibition"),
    ("agonist", "antagonist"),
    ("hyper", "hypo"),
    ("gain", "loss"),
    ("dilation", "constriction"),
    ("relaxation", "contraction"),
    ("present", "absent"),
    ("upper", "lower"),
    ("left", "right"),
    ("anterior", "posterior"),
    ("dominant", "recessive"),
]


def _sets(question: Question) -> Iterator[Flaw]:
    texts = [option.text.strip(" .").lower() for option in question.options]
    if all(any(text in words for words in _DIRECTIONS.values()) for text in texts):
        mend = "Ask for two things at once, in a table of arrows, or for the mechanism."
        yield Flaw("exhaustive-set", "The options exhaust what there can be.", mend)
        return
    pairs = [pair for pair in combinations(range(len(texts)), 2) if _opposed(texts[pair[0]], texts[pair[1]])]
    key = next(at for at, option in enumerate(question.options) if option.correct)
    if len(pairs) == 1 and key in pairs[0]:
        first, second = (question.options[at].text for at in pairs[0])
        message = f'"{first}" and "{second}" contradict each other, and no other two do.'
        yield Flaw("opposite-pair", message, "Make a second such pair, or none.")


def _opposed(first: str, second: str) -> bool:
    """Whether one becomes the other when one word, or the beginning of one, is turned into its opposite."""
    for one, other in _OPPOSITES:
        # From either of them, so that the order of the options means nothing.
        for a, b in ((one, other), (other, one)):
            for text, turned in ((first, second), (second, first)):
                if a in text and b in turned and re.sub(rf"\b{a}", b, text) == turned:
                    return True
    return False


def _cues(question: Question) -> Iterator[Flaw]:
    others = [option for option in question.options if not option.correct]
    longest = max(len(option.text) for option in others)
    length = len(question.key.text)
    if length > KEY_LENGTH_RATIO * longest and length - longest >= KEY_LENGTH_MARGIN:
        mend = "Shorten it or lengthen the others."
        yield Flaw("key-stands-out", "The key is much longer than any other option.", mend)
    key = telling_words(question.key.text)
    sets = [telling_words(option.text) for option in others]
    clang = key & telling_words(question.stem) - set().union(*sets)
    if clang:
        words = ", ".join(f'"{word}"' for word in sorted(clang))
        message = f"Of the options the key alone repeats {words} from the stem."
        yield Flaw("clang", message, "Use another word in one place.")
    used = Counter(word for words in [key, *sets] for word in words)
    shared = [sum(used[word] - 1 for word in words) for words in [key, *sets]]
    if len(others) > 2 and shared[0] >= max(shared[1:]) + CONVERGENCE:
        message = "The key shares more words with the other options than any of them does."
        yield Flaw("convergence", message, "Let distractors share with each other as well.")


def _places(question: Question) -> Iterator[Flaw]:
    if question.fixed_order:
        return
    for option in shuffled(question):
        if cites_place(option.text) and not is_all_or_none(option.text):
            mend = 'Write order = "fixed" under the heading, or name the things themselves.'
            yield Flaw("cites-place", f'"{option.text}" points to other options, which are shuffled.', mend)


_QUOTES = re.compile(r"[\"“”'‘’]")
_ARTICLE = re.compile(r"(?:a|an|the) ")


def _order(question: Question) -> Iterator[Flaw]:
    texts = [_QUOTES.sub("", option.text).lower() for option in shuffled(question)]
    # Numbers have rules of their own.
    if question.fixed_order or all(map(quantity, texts)):
        return
    bare = [_ARTICLE.sub("", text, count=1) if _ARTICLE.match(text) else text for text in texts]
    if texts != sorted(texts) and bare != sorted(bare):
        first = next(after for before, after in pairwise(bare) if after < before)
        message = f'"{first[:40]}" does not stand where the alphabet has it.'
        yield Flaw("unsorted-options", message, "Sort the options, each with its explanation.")
