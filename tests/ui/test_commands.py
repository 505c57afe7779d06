"""What a line at a question means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbank.core.response import Confidence, MissReason
from qbank.errors import UsageError
from qbank.ui.commands import HELP, Command, Verb, parse

LETTERS = {"A": "one", "B": "two", "C": "three"}


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("B", Command(Verb.ANSWER, option="two")),
        (" b ", Command(Verb.ANSWER, option="two")),
        ("b?", Command(Verb.ANSWER, option="two", confidence=Confidence.UNSURE)),
        ("B ??", Command(Verb.ANSWER, option="two", confidence=Confidence.GUESSED)),
        ("B!", Command(Verb.ANSWER, option="two", confidence=Confidence.SURE)),
        ("B? 2", Command(Verb.ANSWER, "two", Confidence.UNSURE, MissReason.COULD_NOT_RETRIEVE)),
        ("-c", Command(Verb.STRIKE, option="three")),
        ("", Command(Verb.GO_ON)),
        ("x", Command(Verb.BLANK)),
        ("r", Command(Verb.REASON)),
        ("2", Command(Verb.GO, number=2)),
        ("g 12", Command(Verb.GO, number=12)),
        ("t  see page 4 ", Command(Verb.NOTE, text="see page 4")),
        ("F two keys", Command(Verb.FLAG, text="two keys")),
        (":q", Command(Verb.LEAVE)),
        ("v", Command(Verb.LABS)),
        ("v si Glucose", Command(Verb.LABS, text="si Glucose")),
        ("= 140-(104+24)", Command(Verb.CALCULATE, text="140-(104+24)")),
        ("=2x3", Command(Verb.CALCULATE, text="2x3")),
        (":=2", Command(Verb.CALCULATE, text="2")),
        ("y", Command(Verb.SENTENCES)),
        ("Y 3", Command(Verb.SENTENCES, number=3)),
        ("e", Command(Verb.EDIT)),
        ("u", Command(Verb.TAKE_BACK)),
        ("k", Command(Verb.CLOCK)),
        ("Help", Command(Verb.HELP)),
    ],
)
def test_each_line_has_its_meaning(line: str, command: Command) -> None:
    """The lines that the help names, in either case and with stray spaces."""
    assert parse(line, LETTERS) == command


@pytest.mark.parametrize("letter", "xmnplsqrtfghvyeuk")
def test_a_letter_of_the_question_is_its_option(letter: str) -> None:
    """Where an option has a command's letter the option wins, and a colon gives the command back."""
    letters = {**LETTERS, letter.upper(): "theirs"}
    assert parse(letter, letters) == Command(Verb.ANSWER, option="theirs")
    if letter not in "tfg":
        assert parse(f":{letter}", letters).verb is not Verb.ANSWER


@pytest.mark.parametrize(
    "line", ["D", "B 8", "B 0", "--B", "g", "g x", "1234", "²", "٣", "::", "B C", "y x", "y 0", "e 1"]
)
def test_anything_else_is_told_what_to_type(line: str) -> None:
    """A slip is answered with the letters there are."""
    with pytest.raises(UsageError, match=r"Type a letter from A to C, or \? to see"):
        parse(line, LETTERS)


@pytest.mark.parametrize("line", ["f", "f   "])
def test_a_flag_needs_its_text(line: str) -> None:
    """A flag without words says how to give them."""
    with pytest.raises(UsageError, match="as in: f TEXT"):
        parse(line, LETTERS)


def test_a_note_without_text_means_its_removal() -> None:
    """Whether there is one to remove is told where the question is known."""
    assert parse("t  ", LETTERS) == Command(Verb.NOTE, text="")


def test_nothing_can_be_answered_without_letters() -> None:
    """While an answer is read a letter changes nothing and the way on is said."""
    with pytest.raises(UsageError, match="Press Enter to go on"):
        parse("B", {})


def test_a_letter_beside_the_key_is_no_command() -> None:
    """Whoever types an option once more, E say, is told that the answer stands, and no editor opens; a colon means it."""
    for line in ("e", "E", " c "):
        with pytest.raises(UsageError, match="Press Enter to go on; a command has a colon here"):
            parse(line, {}, "ABCDE")
    assert parse(":e", {}, "ABCDE") == Command(Verb.EDIT)
    assert parse("e", {}, "ABCD") == Command(Verb.EDIT)


@given(st.text(max_size=40), st.sampled_from([LETTERS, {}]))
def test_no_line_breaks_the_parser(line: str, letters: dict[str, str]) -> None:
    """Any line is a command or a UsageError, and an answer always names an option that is there."""
    try:
        command = parse(line, letters)
    except UsageError:
        return
    assert command.option is None or command.option in letters.values()


def test_help_fits_the_narrowest_usual_screen() -> None:
    """Every command's letter stands in the help, in lines of at most 80 columns."""
    assert max(map(len, HELP)) <= 80
    shown = "\n".join(HELP)
    words = ("x", "r", "m", "n, p", "l", "s", "q", "t TEXT", "f TEXT", "g 7", "-B", "Enter")
    for word in (*words, "v WORDS", "= SUM", "y", "y 3", "e", "u", "k"):
        assert f"  {word} " in shown or f" {word} " in shown
