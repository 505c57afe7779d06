"""Where imported questions lie: maps, decisions and suggestions, and what a later import leaves of them."""

import csv
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from msgspec.structs import replace
from worlds import World

from qbank.app.bank_import import import_of
from qbank.app.bank_import_reading import Options
from qbank.app.classifying import Choice, Classifying
from qbank.core import block
from qbank.core.question import Objective, Placing
from qbank.errors import InputInvalid, NotFound
from qbank.store.rows import LoadCounts

KIDNEY = "A boy has nephrotic edema with albumin in the urine; microscopy of the glomerulus shows effaced podocytes. Why?"
HEART = "Crushing chest pain with ST elevation: which coronary artery is occluded in a posterior myocardial infarction?"
RIDDLE = "Which of these is the best?"
STEMS = {"kidney": KIDNEY, "heart": HEART, "riddle": RIDDLE}
JOINED = "minimal-change-podocyte"


class Taken(NamedTuple):
    """What an import brought, and what was said of its file."""

    counts: LoadCounts
    notes: tuple[str, ...]


class Imports:
    """A learner with a file of three questions, none of which names an area."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.folder = world, folder
        self.file = folder / "school" / "week 1.csv"
        self.file.parent.mkdir()
        self.write()

    def write(self, stems: dict[str, str] = STEMS, **areas: str) -> None:
        with self.file.open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["id", "question", "answer", "a", "b", "c", *areas])
            for name, stem in stems.items():
                rows.writerow([name, stem, "a", "This", "That", "Another", *areas.values()])

    def take(self, rules: str = "") -> Taken:
        """Import the file, with a map of areas where one is given."""
        area_map = None
        if rules:
            area_map = self.folder / "map.toml"
            area_map.write_text(rules)
        options = Options(area_map=area_map)
        with import_of(self.world.workspace, [self.file], options, bank="school") as read:
            (report,) = read.write()
            (file,) = read.files
        return Taken(report.counts, file.notes)

    def objective(self, name: str) -> Objective:
        """The objective of a question."""
        with self.world.workspace.store.read() as tx:
            question = tx.question("school", name)
            assert question is not None
            found = tx.objective("school", question.objective)
        assert found is not None
        return found

    def choose(self, name: str, choice: Choice) -> None:
        """Decide where a question lies."""
        classifying = Classifying(self.world.workspace, "school", everything=True)
        classifying.decide(("school", name), choice)
        classifying.close()

    def answer(self, name: str) -> None:
        """Answer a question, rightly."""
        practice = self.world.single("school", name)
        self.world.choose(practice, right=True)
        practice.do(block.Reveal)


@pytest.fixture
def imports(tmp_path: Path) -> Imports:
    """A settled learner in a new store, and the file."""
    world = World(tmp_path / "home")
    world.settle()
    return Imports(world, tmp_path)


def place(objective: Objective) -> tuple[str, str, Placing]:
    """Where an objective lies and who said so."""
    return objective.system, objective.section, objective.placing


def test_words_suggest_areas_and_what_they_do_not_tell_has_none(imports: Imports) -> None:
    """Marked as suggested, and counted in the notes."""
    notes = imports.take().notes
    assert place(imports.objective("kidney")) == ("respiratory-renal", "renal", Placing.SUGGESTED)
    assert place(imports.objective("heart")) == ("cardiovascular", "cardiovascular", Placing.SUGGESTED)
    assert place(imports.objective("riddle")) == ("", "", Placing.GIVEN)
    assert notes[1:] == (
        "2 questions placed as suggested by their words.",
        "1 question without an area: for practice only.",
        "Go through them with: qbank bank classify",
    )


def test_what_the_file_says_is_not_guessed_at(imports: Imports) -> None:
    """No note either."""
    imports.write(system="multisystem")
    assert len(imports.take().notes) == 1
    assert place(imports.objective("kidney")) == ("multisystem", "", Placing.GIVEN)


def test_a_map_has_the_word_over_file_and_suggestion(imports: Imports) -> None:
    """Where it says nothing of the system, the words are asked."""
    imports.write(system="multisystem")
    rules = '[[rule]]\nfolder = "school"\npattern = "best"\nsection = "renal"\ntask = "diagnosis"\n'
    imports.take(rules)
    assert place(imports.objective("riddle")) == ("respiratory-renal", "renal", Placing.MAPPED)
    assert imports.objective("riddle").task == "diagnosis"
    assert place(imports.objective("kidney")) == ("multisystem", "", Placing.GIVEN)
    imports.write()
    imports.take('[[rule]]\nfolder = "school"\ndiscipline = "pathology"\n')
    kidney = imports.objective("kidney")
    assert (place(kidney), kidney.disciplines) == (
        ("respiratory-renal", "renal", Placing.SUGGESTED),
        ("pathology",),
    )


def test_the_map_in_the_manual_is_one(imports: Imports) -> None:
    """Every id in it is the exam's, and it places a question."""
    manual = Path(__file__).parents[2] / "docs" / "importing.md"
    found = re.search(r"```toml\n(.*?)```", manual.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    imports.take(found[1])
    kidney = imports.objective("kidney")
    assert (place(kidney), kidney.task) == (("respiratory-renal", "renal", Placing.MAPPED), "diagnosis")


def test_a_map_stays_until_another_is_given(imports: Imports) -> None:
    """An import without one changes nothing; one with another has the word."""
    imports.take('[[rule]]\npattern = "best"\nsystem = "multisystem"\n')
    counts = imports.take().counts
    assert (counts.unchanged, counts.replaced) == (3, False)
    assert place(imports.objective("riddle")) == ("multisystem", "", Placing.MAPPED)
    imports.take('[[rule]]\npattern = "boy"\nsystem = "multisystem"\n')
    assert place(imports.objective("riddle")) == ("", "", Placing.GIVEN)
    assert place(imports.objective("kidney")) == ("multisystem", "", Placing.MAPPED)


def test_a_map_with_a_fault_imports_nothing(imports: Imports) -> None:
    """Nor does one that is not there."""
    with pytest.raises(InputInvalid, match=r"map\.toml:2: The exam has no system"):
        imports.take('[[rule]]\nsystem = "heart"\ntag = "x"\n')
    options = Options(area_map=imports.folder / "nowhere.toml")
    with (
        pytest.raises(NotFound),
        import_of(imports.world.workspace, [imports.file], options, bank="school"),
    ):
        pass
    with imports.world.workspace.store.read() as tx:
        assert tx.banks() == []


def test_decisions_stay_whatever_is_imported(imports: Imports) -> None:
    """An area, none, and an objective of the map; by the same file, by a map, and by one that names areas."""
    imports.take()
    imports.choose("heart", Choice("multisystem", "multisystem"))
    imports.choose("riddle", Choice())
    imports.choose("kidney", Choice("respiratory-renal", "renal", JOINED))
    for rules in ("", '[[rule]]\nfolder = "school"\nsystem = "gastrointestinal"\n'):
        imports.take(rules)
        assert place(imports.objective("heart")) == ("multisystem", "multisystem", Placing.CHOSEN)
        assert place(imports.objective("riddle")) == ("", "", Placing.CHOSEN)
        assert (imports.objective("kidney").id, imports.objective("kidney").placing) == (
            JOINED,
            Placing.CHOSEN,
        )
    imports.write({name: f"{stem} Think." for name, stem in STEMS.items()}, system="gastrointestinal")
    imports.take()
    assert place(imports.objective("heart")) == ("multisystem", "multisystem", Placing.CHOSEN)
    assert imports.objective("kidney").id == JOINED
    assert Classifying(imports.world.workspace, "school").waiting == []


def test_joined_questions_are_siblings(imports: Imports) -> None:
    """The map says what their objective is; it is one objective of the bank from then on."""
    rules = f'[[rule]]\npattern = ["boy", "chest"]\nobjective = "{JOINED}"\n'
    imports.take(rules)
    kidney = imports.objective("kidney")
    assert (kidney.id, kidney.system, kidney.section) == (JOINED, "respiratory-renal", "renal")
    assert kidney.text.startswith("Explain") or len(kidney.text) > 20
    assert kidney.disciplines
    assert imports.objective("heart") == kidney
    with imports.world.workspace.store.read() as tx:
        listed = tx.list_questions(bank="school", objective_id=JOINED)
    assert [one.id for one in listed] == ["heart", "kidney"]


def test_what_was_answered_is_remembered_where_it_was(imports: Imports) -> None:
    """It takes its place from the map, and keeps its own id, under which its memory is."""
    imports.take()
    imports.answer("kidney")
    imports.choose("kidney", Choice(objective=JOINED))
    kidney = imports.objective("kidney")
    assert (kidney.id, place(kidney)) == ("kidney", ("respiratory-renal", "renal", Placing.CHOSEN))
    assert kidney.disciplines
    assert ("school", "kidney") in imports.world.memories()
    imports.take(f'[[rule]]\npattern = "best"\nobjective = "{JOINED}"\n')
    assert imports.objective("kidney") == kidney


def test_a_decision_about_an_answered_question_counts_as_if_it_had_been_known(imports: Imports) -> None:
    """What follows from the answer is worked out again; taken back, it is as before."""
    imports.take()
    imports.answer("riddle")
    before, unknown = imports.world.digest(), imports.world.belief()
    assert unknown is None
    classifying = Classifying(imports.world.workspace)
    assert ("school", "riddle") in classifying.waiting
    classifying.decide(("school", "riddle"), Choice("cardiovascular", "cardiovascular"))
    classifying.close()
    assert imports.world.digest() == imports.world.replayed_digest() != before
    assert imports.world.belief() != unknown
    classifying.undo(("school", "riddle"))
    classifying.close()
    assert imports.world.digest() == imports.world.replayed_digest() == before
    assert place(imports.objective("riddle")) == ("", "", Placing.GIVEN)


def test_a_question_leaves_an_objective_alone(imports: Imports) -> None:
    """Of two that were joined, one can be placed elsewhere; the other stays."""
    imports.take(f'[[rule]]\npattern = ["boy", "best"]\nobjective = "{JOINED}"\n')
    imports.choose("riddle", Choice("multisystem", "multisystem"))
    riddle = imports.objective("riddle")
    assert (riddle.id, riddle.system) == ("riddle", "multisystem")
    assert imports.objective("kidney").id == JOINED
    imports.take()
    assert imports.objective("riddle") == riddle
    assert imports.objective("riddle").likelihood == "medium"


def test_taking_back_is_exact(imports: Imports) -> None:
    """Joined and back: the objective, and what the questions point to; twice does no more."""
    imports.take()
    before = imports.objective("kidney")
    classifying = Classifying(imports.world.workspace)
    name = ("school", "kidney")
    classifying.decide(name, Choice(objective=JOINED))
    assert imports.objective("kidney").id == JOINED
    classifying.undo(name)
    classifying.undo(name)
    assert imports.objective("kidney") == before
    assert classifying.waiting == Classifying(imports.world.workspace).waiting


def test_only_imported_banks_are_gone_through(imports: Imports) -> None:
    """And a bank that was not imported is named so."""
    imports.world.load_bank()
    with pytest.raises(NotFound, match="None was imported yet"):
        Classifying(imports.world.workspace, "starter")
    imports.take()
    assert {bank for bank, _ in Classifying(imports.world.workspace).waiting} == {"school"}
    with pytest.raises(NotFound, match="Imported are: school"):
        Classifying(imports.world.workspace, "starter")


def test_the_suggestion_is_the_first_choice(imports: Imports) -> None:
    """Also where only the system was told."""
    imports.take()
    classifying = Classifying(imports.world.workspace)
    first = classifying.case(("school", "kidney")).choices[0]
    assert (first.system, first.section) == ("respiratory-renal", "renal")
    with imports.world.workspace.store.begin() as tx:
        whole = replace(imports.objective("kidney"), section="")
        tx.upsert_questions("school", [whole], [])
    choices = classifying.case(("school", "kidney")).choices
    assert (choices[0].system, choices[0].section) == ("respiratory-renal", "")
    assert ("respiratory-renal", "renal") in [(one.system, one.section) for one in choices[1:]]


def test_finding_areas_and_objectives(imports: Imports) -> None:
    """By the words of a name, of an id, or of what there is to know; never more than a digit can choose."""
    imports.take()
    classifying = Classifying(imports.world.workspace)
    renal = classifying.find("Renal")
    assert [(one.system, one.section) for one in renal[:2]] == [
        ("respiratory-renal", ""),
        ("respiratory-renal", "renal"),
    ]
    assert JOINED in [one.objective for one in classifying.find("podocyte effacement")]
    assert JOINED in [one.objective for one in classifying.find("minimal change")]
    assert all(len(classifying.find(text)) <= 9 for text in ("a", "system", "disease", "the"))
    assert classifying.find("xyzzy") == classifying.find(" ") == []
