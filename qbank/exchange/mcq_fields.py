"""What the headings and keys of question files mean, and their text made fit to keep."""

import re

from qbank.core.text import hidden_characters

ROLES: dict[str, frozenset[str]] = {
    "id": frozenset({"id", "question_id", "qid", "uid"}),
    "stem": frozenset({"stem", "question", "question_text", "question_stem", "vignette"}),
    "options": frozenset({"options", "choices"}),
    "answer": frozenset(
        {
            "answer",
            "key",
            "correct",
            "correct_answer",
            "correct_option",
            "answer_idx",
            "answer_key",
            "right_answer",
        }
    ),
    "explanation": frozenset({"explanation", "exp", "rationale", "feedback"}),
    "remember": frozenset({"remember", "take_home", "educational_objective"}),
    "objective": frozenset({"objective", "learning_objective"}),
    "system": frozenset({"system", "organ_system"}),
    "section": frozenset({"section"}),
    "discipline": frozenset({"discipline", "disciplines"}),
    "task": frozenset({"task", "physician_task"}),
}
NAMED_LIMIT = 5  # hidden characters that a sentence names
_MEANING = {spelling: role for role, spellings in ROLES.items() for spelling in spellings}
_OPTION = re.compile(r"(?:(?P<what>option|opt|choice|answer|explanation)_?)?(?P<label>[a-z]|[1-9]\d?)")


def role(heading: str) -> str:
    """The role of a heading: a name of ROLES, an option's letter, `explanation_a`, or "" for none."""
    folded = re.sub(r"[\s_-]+", "_", heading.strip().casefold())
    if folded in _MEANING:
        return _MEANING[folded]
    match = _OPTION.fullmatch(folded)
    if match is None or (match["what"] is None and match["label"].isdigit()):
        return ""
    number = int(match["label"]) if match["label"].isdigit() else ord(match["label"]) - ord("a") + 1
    if number > 26:
        return ""
    return ("explanation_" if match["what"] == "explanation" else "") + chr(ord("a") + number - 1)


def is_heading(cell: str) -> bool:
    """Whether a cell of a first row is a heading for questions, so that the row is a header."""
    return role(cell) == "stem"


def mended(text: str) -> str:
    """The text with what other programs left in it put right, as far as there is no doubt.

    Control codes of Windows-1252 taken for Latin-1 become the characters that were meant, foreign line ends
    and page breaks become line ends, and marks of writing direction that only nudge a display go away. What
    is still hidden after that is for `refused` to name.
    """
    if text.isprintable():  # most texts; nothing below would change it
        return text.strip()
    lines = re.sub("\r\n?", "\n", text).translate(_MENDS).split("\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()


def refused(text: str) -> str:
    """The names of the first characters that must not be kept, or "" when there are none."""
    if text.isprintable():
        return ""
    names = list(dict.fromkeys(name for _, name in hidden_characters(text)))
    return ", ".join([*names[:NAMED_LIMIT], *(["..."] if len(names) > NAMED_LIMIT else [])])


def _windows_1252() -> dict[int, str]:
    codes = {code: bytes([code]).decode("windows-1252", errors="ignore") for code in range(0x80, 0xA0)}
    return {code: character for code, character in codes.items() if character}


_MENDS: dict[int, str] = {
    **_windows_1252(),
    **dict.fromkeys((0x0B, 0x0C, 0x2028, 0x2029), "\n"),
    **dict.fromkeys((0x061C, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0xFEFF), ""),
}
