"""What the pictures show: the real app with the starter bank, a clock that stands still unless told, and known dice.

The questions are named and not composed, so that a picture changes when its screen does, not when the bank grows.
"""

import asyncio
import random
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from picture import picture

from qbank.app.bank_loading import load_banks
from qbank.app.exams import DEFAULT_EXAM, load_exam
from qbank.app.looking_back import ClosedBlock
from qbank.app.payload import to_data
from qbank.app.practice import Practice
from qbank.app.preferences import change
from qbank.app.record import record
from qbank.app.workspace import Workspace
from qbank.core import block
from qbank.core.event import EventKind
from qbank.core.looking_back import LookFilter
from qbank.core.question import serve
from qbank.core.response import Confidence, MissReason, Mode
from qbank.settings import Settings
from qbank.store.rows import DeviceRow, LearnerRow
from qbank.store.store import Store
from qbank.ui.conversation import Act, Conversation, Look, Run
from qbank.ui.tui.app import QbankApp
from qbank.ui.tui.palette import DARK, LIGHT

EVENING = datetime(2027, 1, 11, 19, 30, tzinfo=UTC)
EXAM_DAY = "2027-03-15"
BANK = "starter"
SECONDS_EACH = 90
EXPECTED = 0.55
"""How likely a right answer was to each question of the pictures, as they were not composed by yield."""

BLOCK = (
    "sudden-vertigo-and-hoarseness",
    "second-episode-of-meningitis",
    "capacity-unaware-of-paralysis",
    "ketoacidosis-weakness-during-treatment",
    "pemphigus-mouth-erosions-target",
    "aortic-stenosis-uphill-faint",
    "school-survey-positive-result",
    "axillary-surgical-neck-electromyography",
    "refeeding-rising-carbon-dioxide",
    "minimal-change-swollen-eyelids",
    "celiac-toddler-after-wheat",
    "vivax-dark-urine-on-treatment",
    "infant-boy-absent-tonsils",
    "shock-after-colectomy",
    "prostate-drug-slow-shrinkage-target",
    "hypoxemia-oxygen-without-response",
    "purple-patch-four-days-after-warfarin",
    "tetralogy-squatting-saturation",
    "osteomalacia-crohn-low-phosphorus",
    "reflexes-that-return-after-effort",
)
MISSED = frozenset({2, 4, 7, 10, 13, 16, 18})


class Scene(msgspec.Struct, frozen=True):
    """A picture: what it shows in words, its columns and rows, its theme, and the keys that are pressed for it."""

    name: str
    says: str
    size: tuple[int, int]
    theme: str
    mode: Mode
    questions: tuple[str, ...]
    answered: int
    keys: tuple[str, ...]
    closed: bool = False


SCENES = (
    Scene(
        "block-timed",
        "A question of a timed block on a terminal of 80 columns and 24 rows.",
        (80, 24),
        DARK.name,
        Mode.TIMED,
        BLOCK,
        5,
        ("c", "u", "minus", "d", "m", "y", "down", "down", "space", "escape"),
    ),
    Scene(
        "block-wide",
        "A question with a table on a wide terminal, in light colours, with the list of all questions beside it.",
        (120, 32),
        LIGHT.name,
        Mode.TIMED,
        BLOCK,
        9,
        ("m", "minus", "a", "minus", "c"),
    ),
    Scene(
        "tutor",
        "An answered question of a tutor block: its key, the reason behind every option, and when it comes back.",
        (90, 36),
        DARK.name,
        Mode.TUTOR,
        BLOCK[4:10],
        0,
        ("d", "enter", "3"),
    ),
    Scene(
        "look",
        "A closed block: what became of each question, what was missed, and what helps with it.",
        (100, 44),
        LIGHT.name,
        Mode.TIMED,
        BLOCK,
        len(BLOCK),
        ("down", "down"),
        closed=True,
    ),
)  # fmt: skip


def drawn() -> Iterator[tuple[str, str]]:
    """Each picture with its name."""
    for scene in SCENES:
        with tempfile.TemporaryDirectory(prefix="qbank-captures-") as home:
            evening = Evening(Path(home))
            try:
                exported = asyncio.run(_exported(scene, _conversation(evening, scene)))
            finally:
                evening.workspace.close()
        yield scene.name, picture(exported, *scene.size, scene.says)


async def _exported(scene: Scene, conversation: Conversation) -> str:
    app = QbankApp(conversation)
    async with app.run_test(size=scene.size) as pilot:
        app.theme = scene.theme
        await pilot.pause()
        for key in scene.keys:
            await pilot.press(key)
        await pilot.pause()
        if app.return_value is not None:
            raise app.return_value
        return app.export_screenshot(title="qbank")


class Evening:
    """A learner's store in a folder of its own; time passes only when a scene says so."""

    def __init__(self, home: Path) -> None:
        self.passed_s = 0.0
        settings = Settings(home, str(home / "qbank.sqlite3"), None, DEFAULT_EXAM)
        self.workspace = Workspace(
            settings=settings,
            store=Store.open(settings.db, backup_dir=None),
            exam=load_exam(DEFAULT_EXAM),
            learner=LearnerRow("learner", "me"),
            device=DeviceRow("device", "computer"),
            values={"time-zone": "UTC"},
            now=lambda: EVENING + timedelta(seconds=self.passed_s),
            monotonic=lambda: self.passed_s,
            random_bits=random.Random(1).getrandbits,
        )
        load_banks(self.workspace)
        change(self.workspace, "time-zone", "UTC")
        change(self.workspace, "exam-date", EXAM_DAY)

    def begin(self, mode: Mode, names: Sequence[str]) -> Practice:
        """A block of these questions."""
        with self.workspace.store.read() as tx:
            questions = [tx.question(BANK, name) for name in names]
        items = tuple(
            serve(question, seed) for seed, question in enumerate(questions) if question is not None
        )
        assert len(items) == len(names), "every question of a picture is in the bank"
        limit_ms = SECONDS_EACH * len(items) * 1000 if mode is Mode.TIMED else None
        plan = block.BlockPlan("block", mode, items, limit_ms)
        data = {"block": to_data(plan), "expected": [EXPECTED] * len(items)}
        happened = {"block": plan.id, "purpose": "drill", "plan": data}
        record(self.workspace, EventKind.BLOCK_COMPOSED, happened)
        return Practice(self.workspace, plan.id)

    def answer(self, practice: Practice, position: int) -> None:
        """Answer as these pictures have it: some are missed, some unsure, one is slow, one changed, one marked."""
        practice.do(block.Show, position=position)
        self.passed_s += 45 + 13 * (position % 4) + (70 if position == 7 else 0)
        key = practice.question(position).key.id
        wrong = next(name for name in practice.item(position).option_order if name != key)
        if position == 13:
            practice.do(block.Answer, option=key)
        practice.do(block.Answer, option=wrong if position in MISSED else key)
        if position % 5 == 2:
            practice.do(block.Confident, level=Confidence.UNSURE)
        if position in (3, 16):
            practice.do(block.Mark)


def _conversation(evening: Evening, scene: Scene) -> Conversation:
    practice = evening.begin(scene.mode, scene.questions)
    for position in range(scene.answered):
        evening.answer(practice, position)
    evening.passed_s += SECONDS_EACH / 2
    yield _closed(evening, practice) if scene.closed else Run(practice)


def _closed(evening: Evening, practice: Practice) -> Act:
    practice.do(block.Submit)
    practice.finish()
    closed = ClosedBlock(evening.workspace, practice.plan.id)
    reasons = (MissReason.BETWEEN_TWO, MissReason.COULD_NOT_RETRIEVE, MissReason.NEVER_LEARNED)
    for number, position in enumerate(sorted(MISSED)):
        closed.do(block.ReasonAfter, position=position, reason=reasons[number % len(reasons)])
    return Look(closed, LookFilter.ALL)
