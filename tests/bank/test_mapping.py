"""What a bank file leaves out, the exam's map says; what it says otherwise is a fault."""

from msgspec.structs import replace

from qbank.bank.mapping import with_map
from qbank.bank.markdown import BankFile
from qbank.core.objective_map import Mapped
from qbank.core.question import Objective

MAPPED = Mapped("stenosis", "Relate a murmur", "cardiovascular", "Valves", ("physiology",), "high")
SYSTEMS = {"cardiovascular": "heart"}
SAID = Objective(
    "own",
    "stenosis",
    "Relate a murmur",
    system="heart",
    section="cardiovascular",
    disciplines=("physiology",),
    task="diagnosis",
    likelihood="high",
    review="draft",
)


def merged(objective: Objective) -> tuple[Objective, list[str]]:
    files, faults = with_map([BankFile("a.md", objective, ())], {MAPPED.id: MAPPED}, SYSTEMS)
    return files[0].objective, [fault.message for fault in faults]


def test_a_file_needs_no_more_than_the_id() -> None:
    """Words, cell and likelihood come from the map; what is the file's own stays."""
    bare = Objective("own", "stenosis", "", task="diagnosis", review="draft")
    assert merged(bare) == (SAID, [])
    assert merged(SAID) == (SAID, [])


def test_a_file_that_says_otherwise_is_told_what_the_map_says() -> None:
    """One fault for each line that differs; the map's word counts."""
    other = replace(SAID, text="Know a murmur", section="blood", disciplines=("pathology", "physiology"))
    found, faults = merged(other)
    assert found == SAID
    assert len(faults) == 3
    assert any("another objective: Relate a murmur" in fault for fault in faults)
    assert any("another section: cardiovascular" in fault for fault in faults)


def test_what_the_map_does_not_have_stays_as_it_is() -> None:
    """A learner's own objective is theirs."""
    own = replace(SAID, id="my-own", text="Mine")
    assert merged(own) == (own, [])
