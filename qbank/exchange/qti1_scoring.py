"""What each answer to an item of QTI 1.2 scores and shows, by following its response conditions."""

import math
from collections.abc import Sequence

from qbank.exchange.qti_draft import Answered
from qbank.exchange.qti_xml import Node

SINGLE = "single_correct_answer"
"""A variable of Blackboard Ultra that says of a question what kind it is, and is no score."""


def answered(item: Node, response: str, idents: Sequence[str]) -> dict[str, Answered]:
    """The score and feedback of each answer to this response.

    IMS QTI ASI Best Practice 1.2, 4.3: conditions run in order and end with one that does not continue. Blackboard
    has feedback in conditions after that end, so here only scoring ends unless the file says so.
    """
    conditions = list(item.each("respcondition"))
    has_scores = any(condition.first("setvar") for condition in conditions)
    top = max((_number(node.get("maxvalue"), 0.0) for node in item.each("decvar")), default=0.0) or 100.0
    found = {ident: _follow(conditions, response, ident, has_scores, top) for ident in idents}
    if len({one.score for one in found.values()}) > 1:
        return found
    # A question that is worth no points still says which answer is right.
    right = {ident for ident, one in found.items() if any(map(_is_praise, one.shown))}
    right = right or _set_alone(conditions, response, idents)
    if not right or len(right) == len(found):
        return found
    return {ident: one._replace(score=top if ident in right else 0.0) for ident, one in found.items()}


def _is_praise(name: str) -> bool:
    """Whether feedback of this name follows a right answer, as Sakai, Canvas and Blackboard call it."""
    return name.casefold() in ("correct", "correct_fb", "correctfeedback")


def _set_alone(conditions: Sequence[Node], response: str, idents: Sequence[str]) -> set[str]:
    """The answer whose score Respondus sets, where it adds to that of the others."""
    actions: dict[str, str] = {}
    for condition in conditions:
        test, score = condition.first("varequal"), condition.first("setvar")
        if test is not None and score is not None and test.get("respident") == response:
            actions.setdefault(test.text().strip(), score.get("action").casefold())
    by_set = {ident for ident in idents if actions.get(ident) == "set"}
    return by_set if len(by_set) == 1 and set(actions.values()) == {"set", "add"} else set()


def _follow(conditions: Sequence[Node], response: str, ident: str, has_scores: bool, top: float) -> Answered:
    score, is_scored = 0.0, False
    shown: set[str] = set()
    has_matched = False
    named = any(
        _names(condition, response) and _applies(condition, response, ident, False)
        for condition in conditions
    )
    for condition in conditions:
        # One for every other answer may stand before those that name theirs.
        is_first = not has_matched and not (named and condition.first("setvar"))
        if not _applies(condition, response, ident, is_first):
            continue
        shown |= {node.get("linkrefid") for node in condition.each("displayfeedback")}
        continues = condition.get("continue").casefold()
        scores = [node for node in condition.each("setvar") if node.get("variablename") != SINGLE]
        if not has_scores and condition.get("title").casefold().startswith("correct"):
            score = top
        if scores and not is_scored:
            score = _set(score, scores, top)
            is_scored = continues != "yes"
        has_matched = has_matched or bool(scores)
        if continues == "no":
            break
    return Answered(score, frozenset(shown))


def _names(condition: Node, response: str) -> bool:
    """Whether a condition scores answers that it names, by the response that they are given to."""
    asked = any(test.get("respident") == response for test in condition.each("varequal", "varsubset"))
    return asked and condition.first("setvar") is not None and condition.first("other") is None


def _applies(condition: Node, response: str, ident: str, is_first: bool) -> bool:
    test = condition.first("conditionvar")
    return test is not None and all(_holds(one, response, ident, is_first) for one in test.nodes())


def _holds(test: Node, response: str, ident: str, is_first: bool) -> bool:
    match test.name:
        case "varequal" | "varsubset":
            # Blackboard names the answer where the response should stand, and leaves the answer empty.
            asked = (test.get("respident"), test.text().strip())
            return asked in ((response, ident), (ident, ""))
        case "and":
            return all(_holds(one, response, ident, is_first) for one in test.nodes())
        case "or":
            return any(_holds(one, response, ident, is_first) for one in test.nodes())
        case "not":
            return not any(_holds(one, response, ident, is_first) for one in test.nodes())
        case "other":
            return is_first
        case _:
            return False


def _set(score: float, scores: Sequence[Node], top: float) -> float:
    """The score after these changes, all variables taken together."""
    for node in scores:
        value = _number(node.text(), top if "max" in node.text().casefold() else 0.0)
        match node.get("action").casefold():
            case "add":
                score += value
            case "subtract":
                score -= value
            case "multiply":
                score *= value
            case "divide" if value:
                score /= value
            case _:
                score = value
    return score


def _number(text: str, otherwise: float) -> float:
    try:
        value = float(text)
    except ValueError:
        return otherwise
    return value if math.isfinite(value) else otherwise
