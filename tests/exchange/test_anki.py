"""Notes of Anki that are multiple-choice questions become questions, whatever their type; what is none is told."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from exchange.anki_samples import (
    BASIC,
    CLOZE,
    REVERSED,
    TYPED,
    Sample,
    collection,
    new_package,
    note_type,
    old_package,
    zipped,
)
from rasters import png

from qbank.core.pictures import kept_path
from qbank.core.question import NOT_RECALLED, RECALLED, Kind, Question
from qbank.errors import InputInvalid, UsageError
from qbank.exchange.foreign import PastReview, format_of
from qbank.exchange.mcq import Reading, read_mcq

CONFORMANCE = Path(__file__).parents[3] / "shared" / "conformance" / "anki"
ALL_IN_ONE = note_type(
    "AllInOne (kprim, mc, sc)",
    *(
        "Question",
        "Title",
        "QType (0=kprim,1=mc,2=sc)",
        "Q_1",
        "Q_2",
        "Q_3",
        "Q_4",
        "Q_5",
        "Answers",
        "Sources",
        "Extra 1",
    ),
)
IN_FIELDS = note_type("Board style", "Question", "OptionA", "OptionB", "Option C", "Answer", "Explanation")
WITH_WRONG = note_type(
    "Choice", "Question", "Correct", "Explanation", "Incorrect_1", "Incorrect_2", "Incorrect_3"
)

Pack = Callable[[Sequence[Sample]], bytes]


def read(content: bytes, **options: object) -> Reading:
    return read_mcq("deck.apkg", content, bank="anki", **options)  # type: ignore[arg-type]


def one(*notes: Sample, **options: object) -> Question:
    (question,) = read(new_package(notes), **options).questions
    return question


def options_of(question: Question) -> list[tuple[str, bool]]:
    return [(option.text, option.correct) for option in question.options]


def all_in_one(kind: str, answers: str) -> Sample:
    fields = (
        "<b>Which</b> valve?",
        "",
        kind,
        "Aortic",
        "Mitral",
        "Tricuspid",
        "",
        "",
        answers,
        "",
        "It is heard there.",
    )
    return Sample(ALL_IN_ONE, fields)


@pytest.mark.parametrize("kind", ["2", "1"])
def test_the_add_on_for_multiple_choice_is_known(kind: str) -> None:
    """One mark among the answers is the key; empty options are none."""
    question = one(all_in_one(kind, "0 1 0"))
    assert question.stem == "**Which** valve?"
    assert options_of(question) == [("Aortic", False), ("Mitral", True), ("Tricuspid", False)]
    assert question.key.explanation == "It is heard there."


@pytest.mark.parametrize(
    ("sample", "reason"),
    [
        (all_in_one("1", "1 1 0"), "several answers are right"),
        (all_in_one("0", "0 1 0"), "true or false of each option"),
        (all_in_one("2", "0 0 0"), "no answer is right"),
        (Sample(IN_FIELDS, ("Which?", "one", "two", "three", "A, C", "")), "several answers are right"),
        (
            Sample(IN_FIELDS, ("Which?", "one", "two", "three", "seven", "")),
            "options, but no answer that names one of them",
        ),
        (Sample(IN_FIELDS, ("Which?", "one", "", "", "A", "")), "one option only"),
        (Sample(BASIC, ("What is it?", "That.")), 'note type "Basic", which has no options'),
        (Sample(CLOZE, ("It is {{c1::that}}.", "")), "cloze deletion"),
        (Sample(BASIC, ("[sound:heart.mp3] Which?<br>A) one<br>B) two", "A")), "a sound in the question"),
        (Sample(BASIC, ("x" * 200_001, "That.")), "a field of more than 200,000 characters"),
        (Sample(BASIC, ("Which?<br>A) same<br>B) same", "A")), 'the option "same" is there twice'),
    ],
)
def test_what_is_no_question_with_one_answer_is_told(sample: Sample, reason: str) -> None:
    """By its reason, its number and how it begins."""
    reading = read(new_package([sample, all_in_one("2", "0 1 0")]))
    assert len(reading.questions) == 1
    (skipped,) = reading.skipped
    assert skipped.reason == reason
    assert skipped.line == 1
    assert any(reason in note for note in reading.notes)


@pytest.mark.parametrize(
    "answer", ["B", "(b)", "B.", "two", "B) two", "Answer: B", "<b>Correct answer is B</b>"]
)
def test_fields_that_are_called_as_in_tables_need_no_map(answer: str) -> None:
    """The key by its letter or by its text."""
    question = one(Sample(IN_FIELDS, ("Which?", "one", "two", "three", answer, "Because.")))
    assert options_of(question) == [("one", False), ("two", True), ("three", False)]
    assert question.key.explanation == "Because."


def test_the_right_answer_and_the_wrong_ones_can_have_fields_of_their_own() -> None:
    """Empty ones are left out."""
    question = one(Sample(WITH_WRONG, ("Which?", "right", "Because.", "wrong", "worse", "")))
    assert options_of(question) == [("right", True), ("wrong", False), ("worse", False)]
    assert question.key.explanation == "Because."


def test_numbered_options_have_a_numbered_answer() -> None:
    """Counted from 1, as the fields are."""
    numbered = note_type("Numbered", "Question", "Option 1", "Option 2", "Option 3", "Answer")
    assert one(Sample(numbered, ("Which?", "a", "b", "c", "3"))).key.text == "c"


@pytest.mark.parametrize(
    "front",
    [
        "Which?<br>A) one<br>B) two<br>C) three",
        "<div>Which?</div><div>A. one</div><div>B. two</div><div>C. three</div>",
        "Which?<br><br>(a) one<br>(b) two<br>(c) three",
        "Which?<ol><li>one</li><li>two</li><li>three</li></ol>",
        "Which? A) one B) two C) three",
        "Which?<br><b>A)</b> one<br><b>B)</b> two<br><b>C)</b> three",
    ],
)
@pytest.mark.parametrize("back", ["C", "C) three", "Correct answer: C. three", "<b>three</b>"])
def test_options_may_be_lines_under_the_question(front: str, back: str) -> None:
    """With the letter on the back."""
    question = one(Sample(BASIC, (front, back)))
    assert question.stem == "Which?"
    assert options_of(question) == [("one", False), ("two", False), ("three", True)]
    assert question.key.explanation == ""


def test_what_else_the_back_says_explains_the_key() -> None:
    """On the line of the letter, and under it."""
    front = "A man coughs.<br>Which?<br>A) one<br>B) two"
    question = one(Sample(BASIC, (front, "B - two<br>It follows.<br>Always.")))
    assert question.stem == "A man coughs.\\\nWhich?"
    assert question.key.explanation == "It follows.\\\nAlways."


def test_a_sentence_that_begins_with_a_letter_is_no_answer() -> None:
    """ "A patient ..." does not name option A."""
    reading = read(
        new_package(
            [Sample(BASIC, ("Which?<br>A) one<br>B) two", "A patient with it.")), all_in_one("2", "1 0")]
        )
    )
    assert reading.skipped[0].reason == "options, but no answer that names one of them"


def test_a_map_says_which_field_is_which() -> None:
    """The note's own names, in any language."""
    german = note_type("Frage", "Frage", "Erste", "Zweite", "Lösung", "Warum")
    columns = {"stem": "Frage", "a": "Erste", "b": "Zweite", "answer": "Lösung", "explanation": "Warum"}
    notes = [Sample(german, ("Was?", "dies", "das", "B", "Darum.")), Sample(BASIC, ("Hello", "world"))]
    reading = read(new_package(notes), columns=columns)
    (question,) = reading.questions
    assert options_of(question) == [("dies", False), ("das", True)]
    assert question.key.explanation == "Darum."
    assert [one.reason for one in reading.skipped] == ['note type "Basic", which has no field "Frage"']


def test_a_field_that_no_note_has_is_a_fault_of_the_map() -> None:
    """With the nearest name that there is."""
    with pytest.raises(InputInvalid, match=r'No note type has a field "Frnt"\. Did you mean "Front"\?'):
        read(new_package([Sample(BASIC, ("a", "b"))]), columns={"stem": "Frnt"})


@pytest.mark.parametrize("pack", [old_package, new_package])
def test_tags_and_decks_are_hints_at_areas(pack: Pack) -> None:
    """The innermost part of each path first."""
    note = Sample(
        BASIC, ("Which?<br>A) a<br>B) b", "B"), "#AK::Heart_Failure leech", "Step 1::Cardiovascular"
    )
    known = {"system": {"cardiovascular": "Cardiovascular"}}
    reading = read(pack([note]), known=known)
    (hints,) = reading.hints.values()
    assert list(hints) == ["Heart Failure", "AK", "Cardiovascular", "Step 1"]
    assert reading.objectives[0].system == "cardiovascular"


@pytest.mark.parametrize("pack", [old_package, new_package])
def test_pictures_come_along_by_the_path_in_the_text(pack: Callable[..., bytes]) -> None:
    """Those that a question shows and the package holds; a sound does not."""
    note = Sample(
        BASIC, ('Which? <img src="an ECG.png"><br>A) a<br>B) b', 'B<br>[sound:x.mp3]<img src="gone.png">')
    )
    media = {"an ECG.png": (film := png()), "other.png": png(3), "x.mp3": b"sound"}
    reading = read(pack([note], media))
    assert reading.pictures == {kept_path(film): film}
    (question,) = reading.questions
    assert question.stem == f"Which? ![]({kept_path(film)})"
    assert question.key.explanation == "![](gone.png)"


def test_cards_come_in_as_prompts_when_they_are_asked_for() -> None:
    """A prompt for each card: both directions, each cloze; what is typed in is not shown before."""
    notes = [
        Sample(REVERSED, ("front", "back"), cards=2),
        Sample(TYPED, ("asked", "typed")),
        Sample(CLOZE, ("{{c1::Aortic stenosis::lesion}} radiates to the {{c2::carotids}}.", "More"), cards=2),
    ]
    questions = read(new_package(notes), recall=True).questions
    assert [(one.stem, one.remember) for one in questions] == [
        ("front", "back"),
        ("back", "front"),
        ("asked", "typed"),
        ("[lesion] radiates to the carotids.", "**Aortic stenosis** radiates to the carotids.\n\nMore"),
        ("Aortic stenosis radiates to the […].", "Aortic stenosis radiates to the **carotids**.\n\nMore"),
    ]
    assert {(one.kind, one.options, one.fixed_order) for one in questions} == {
        (Kind.RECALL, (RECALLED, NOT_RECALLED), True)
    }


def test_a_cloze_within_a_cloze_is_hidden_with_it() -> None:
    """As Anki shows it."""
    note = Sample(CLOZE, ("{{c1::the {{c2::left}} ventricle}} fails }} here", ""), cards=2)
    questions = read(new_package([note]), recall=True).questions
    assert [one.stem for one in questions] == ["[…] fails }} here", "the […] ventricle fails }} here"]


def test_only_a_deck_has_cards_to_recall() -> None:
    """Of another file it is told, not passed over."""
    with pytest.raises(UsageError, match="--recall"):
        read_mcq("x.csv", b"question,A,B,answer\nWhich?,a,b,A\n", bank="x", recall=True)


def at(day: int, hour: int = 12) -> int:
    return int(datetime(2026, 1, day, hour, tzinfo=UTC).timestamp() * 1000)


def past(day: int, rating: int) -> PastReview:
    return PastReview(datetime(2026, 1, day, 12, tzinfo=UTC), rating)


@pytest.mark.parametrize("pack", [old_package, new_package])
def test_reviews_come_along_oldest_first(pack: Pack) -> None:
    """Those that moved memory: no changes by hand, no cramming, and none of notes that are left out."""
    reviews = (
        (at(9), 0, 3, 1, 2500),
        (at(1), 0, 1, 0, 0),
        (at(2), 0, 4, 2, 2500),
        (at(3), 0, 0, 4, 0),
        (at(4), 0, 3, 3, 0),
        (at(5), 0, 2, 3, 2500),
        (at(6), 0, 3, 5, 2500),
    )
    asked = Sample(BASIC, ("Which?<br>A) a<br>B) b", "B"), reviews=reviews)
    other = Sample(BASIC, ("front", "back"), reviews=((at(7), 0, 3, 1, 2500),))
    reading = read(pack([asked, other]))
    assert list(reading.reviews.values()) == [[past(1, 1), past(2, 4), past(5, 2), past(9, 3)]]
    assert list(reading.reviews) == [reading.questions[0].id]


def test_each_prompt_has_the_reviews_of_its_card() -> None:
    """And not those of the note's other cards."""
    note = Sample(REVERSED, ("front", "back"), cards=2, reviews=((at(1), 0, 3, 1, 1), (at(2), 1, 1, 1, 1)))
    reading = read(new_package([note]), recall=True)
    assert [list(reading.reviews[one.id]) for one in reading.questions] == [[past(1, 3)], [past(2, 1)]]


def test_a_note_has_the_same_id_in_every_package() -> None:
    """It follows from Anki's own, not from its place or its text."""
    first, second = (Sample(BASIC, (f"Which {n}?<br>A) a<br>B) b", "B")) for n in (1, 2))
    before = [one.id for one in read(old_package([first])).questions]
    after = [one.id for one in read(new_package([second, first])).questions]
    assert before == after[:1]


def test_a_collection_by_itself_is_read_too() -> None:
    """As it lies in Anki's own folder."""
    content = collection([Sample(BASIC, ("Which?<br>A) a<br>B) b", "B"))], modern=True)
    assert format_of("collection.anki2", content) == "anki"
    assert len(read(content).questions) == 1


def test_another_zip_file_is_no_deck() -> None:
    """It is told by what is in it, or by its name."""
    other = zipped({"readme.txt": b"collection.anki2 is not here"})
    assert format_of("x.zip", other) != "anki"
    assert format_of("x.apkg", other) == "anki"


needs_conformance = pytest.mark.skipif(not CONFORMANCE.is_dir(), reason="the conformance files are not here")


@needs_conformance
@pytest.mark.parametrize("name", ["modern_zstd.apkg", "modern.colpkg"])
def test_packages_that_anki_wrote_are_read(name: str) -> None:
    """All fifty notes, their reviews, tags and deck; the note that asks for an update is none of them."""
    reading = read((CONFORMANCE / name).read_bytes())
    assert len(reading.questions) == 50
    assert not reading.skipped
    assert all(len(one.options) >= 4 for one in reading.questions)
    assert sum(map(len, reading.reviews.values())) == 20
    assert {hint for hints in reading.hints.values() for hint in hints} == {"step1", "step2", "MedQA sample"}


@needs_conformance
def test_every_note_of_the_old_packages_is_told() -> None:
    """They hold no question: each note is left out with its reason, and read as a prompt when asked for."""
    old = sorted(path for path in CONFORMANCE.glob("*.apkg") if not path.name.startswith("modern"))
    assert old
    for path in old:
        with pytest.raises(InputInvalid, match=r"Left out, .*: 1, the first at note 1"):
            read(path.read_bytes())
        if path.name != "media.apkg":
            assert all(one.kind is Kind.RECALL for one in read(path.read_bytes(), recall=True).questions)
