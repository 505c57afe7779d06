"""Several learners who answered the same questions, some of which have a wrong key, put into a store as final responses."""

import math
import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from worlds import small_question

from qbank.core.question import Objective, Question, serve
from qbank.core.response import Mode, Rating, Response
from qbank.store.rows import BankKind, BankRow, BlockRow, BlockStatus, LearnerRow, Purpose, ResponseRow
from qbank.store.store import Store, Transaction

DAY = date(2027, 1, 4)
NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)
SPREAD = 0.8
"""Standard deviation of the learners' abilities, in logits."""

Choices = list[tuple[int, int]]
"""Of one question: learner, and the option chosen; 0 is the truly best one."""


def choices(dice: random.Random, *, learners: int, questions: int, met: float = 1.0) -> list[Choices]:
    """What learners of several abilities choose among five options, each meeting a part of the questions."""
    abilities = [dice.gauss(0, SPREAD) for _ in range(learners)]
    found = []
    for _ in range(questions):
        difficulty, draws = dice.gauss(-0.3, 1), [dice.random() ** 2 for _ in range(4)]
        chosen = []
        for learner, ability in enumerate(abilities):
            if dice.random() < met:
                right = dice.random() < 1 / (1 + math.exp(difficulty - ability))
                chosen.append((learner, 0 if right else dice.choices((1, 2, 3, 4), draws)[0]))
        found.append(chosen)
    return found


def question(number: int, *, bank: str = "shared", key: int = 0) -> Question:
    """A question of four options."""
    return small_question(f"q-{number:03}", f"o-{number:03}", bank=bank, key=key)


def put_bank(tx: Transaction, questions: Sequence[Question]) -> None:
    """Load questions of one bank, each with its own objective."""
    bank = questions[0].bank
    tx.put_bank(BankRow(bank, bank, "", BankKind.BUNDLED, "usmle-step1"))
    objectives = [Objective(bank, one.objective, one.objective, "cardiovascular") for one in questions]
    tx.upsert_questions(bank, objectives, questions)


def response(
    learner: str, asked: Question, choice: str | None, *, block: str, position: int = 0, ms: int = 60_000
) -> ResponseRow:
    """A first answer that counts."""
    correct = choice == asked.key.id
    given = Response(
        block=block,
        position=position,
        item=serve(asked, 1),
        mode=Mode.TUTOR,
        choice=choice,
        correct=correct,
        elapsed_ms=ms,
        at=NOON + timedelta(minutes=position),
        study_day=DAY,
    )
    rating = Rating.GOOD if correct else Rating.AGAIN
    return ResponseRow(
        learner, given, f"e-{block}-{position}", "cardiovascular", "", (), rating, fresh=True, assess=False
    )


def put_block(tx: Transaction, learner: str) -> str:
    """A learner of that name with a closed block; gives the block's id."""
    tx.put_learner(LearnerRow(learner, f"name of {learner}"))
    block = f"block-{learner}"
    state = BlockStatus.CLOSED
    tx.put_block(BlockRow(block, learner, Mode.TUTOR, Purpose.DRILL, state, NOON, DAY, {"items": []}))
    return block


def put_cohort(
    store: Store, *, learners: int, questions: int, miskeyed: int = 0, met: float = 1.0, seed: int = 1
) -> None:
    """That many learners with their answers; the key of the first `miskeyed` questions is a wrong option."""
    asked = [question(number, key=int(number < miskeyed)) for number in range(questions)]
    with store.begin() as tx:
        put_bank(tx, asked)
        blocks = [put_block(tx, f"learner-{number:03}") for number in range(learners)]
        drawn = choices(random.Random(seed), learners=learners, questions=questions, met=met)
        for number, (one, chosen) in enumerate(zip(asked, drawn, strict=True)):
            for learner, option in chosen:
                choice = one.options[min(option, 3)].id
                ms = 30_000 + 1_000 * number + learner
                name = f"learner-{learner:03}"
                tx.put_response(response(name, one, choice, block=blocks[learner], position=number, ms=ms))
