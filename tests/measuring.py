"""A learner whose bank holds enough in reserve to be measured, and the blocks that measure them."""

from itertools import count

from worlds import World, small_question

from qbank.app.composing import Request, compose_block
from qbank.app.practice import Practice
from qbank.core import block
from qbank.core.question import Objective, in_reserve
from qbank.store.rows import BankKind, BankRow


def load_reserve(world: World, per_system: int = 20) -> None:
    """A bank with so many objectives of each system in reserve, and a few that are drilled."""
    systems = [area.id for area in world.workspace.exam.areas("system", world.workspace.today)]
    objectives = []
    for system in systems:
        names = (f"{system}-{number}" for number in count())
        held = [name for name in (next(names) for _ in range(per_system * 8)) if in_reserve(name)]
        drilled = (name for name in names if not in_reserve(name))
        chosen = [*held[:per_system], next(drilled), next(drilled)]
        objectives += [
            Objective("large", name, f"Know {name}", system, "", ("pathology",)) for name in chosen
        ]
    with world.workspace.store.begin() as tx:
        tx.put_bank(BankRow("large", "Large", "", BankKind.BUNDLED, "usmle-step1"))
        questions = [small_question(f"{one.id}-q", one.id, bank="large") for one in objectives]
        tx.upsert_questions("large", objectives, questions)


def sit(world: World, *, size: int, right: int, assess: bool = True, reached: int | None = None) -> str:
    """A timed block of which the first so many answers are right; its id. `reached` leaves the rest unseen."""
    composed = compose_block(world.workspace, Request(size=size, assess=assess, seed=world.events()))
    practice = Practice(world.workspace, composed.block_id)
    assert len(practice.plan.items) == size
    for position in range(size if reached is None else reached):
        practice.do(block.Show, position=position)
        key = practice.question(position).key.id
        wrong = next(name for name in practice.item(position).option_order if name != key)
        practice.do(block.Answer, option=key if position < right else wrong)
    practice.do(block.Submit)
    practice.finish()
    world.pass_time(seconds=60)
    return composed.block_id
