"""What the practice so far comes to, read from sums that are kept, and what falls due in the next days."""

from collections.abc import Callable

from qbank.app import care
from qbank.app.candidates import practice_only
from qbank.app.standing import AreaStanding, Standing, area_standings, pricer, standing
from qbank.app.workspace import Workspace
from qbank.core.insight.progress import AreaProgress, AreaWork, DueDay, Progress, Work, due_days, work
from qbank.store.store import Transaction

DIMENSIONS = ("system", "discipline")
DUE_DAYS = 14


def progress(workspace: Workspace) -> Progress:
    """All of it as of today. In the last days before a booked exam no area has a belief, for none helps then."""
    hidden = care.in_last_days(workspace)
    with workspace.store.read() as tx:
        now = standing(workspace, tx)
        stands = [area for name in DIMENSIONS for area in area_standings(workspace, tx, now, name)]
        done = work(tx.block_sums(workspace.learner.id), workspace.today)
        due = _due(workspace, tx, now)
    return Progress(
        exam_day=workspace.exam_day,
        today=workspace.today,
        answered=done.answered,
        right=done.right,
        ms=done.ms,
        areas=tuple(_area(one, done, hidden=hidden) for one in stands),
        days=done.days,
        said=done.said,
        forecasts=done.forecasts,
        due=due,
    )


def next_step(workspace: Workspace) -> str:
    """What fills an empty progress: a command."""
    with workspace.store.read() as tx:
        return "qbank block --size 10" if tx.bank_counts().questions else "qbank start"


def _area(stands: AreaStanding, done: Work, *, hidden: bool) -> AreaProgress:
    of = done.areas.get(f"{stands.dimension}/{stands.area}", AreaWork())
    return AreaProgress(
        dimension=stands.dimension,
        area=stands.area,
        name=stands.name,
        share=stands.share,
        flag=stands.flag,
        belief=None if hidden else stands.belief,
        fresh=of.fresh,
        seen=of.seen,
        ms=of.ms,
        time_share=of.time_share,
        weeks=of.weeks,
    )


def _due(workspace: Workspace, tx: Transaction, now: Standing) -> tuple[DueDay, ...]:
    """From today on, up to the day before a booked exam."""
    left = care.days_left(workspace)
    count = min(DUE_DAYS, left) if workspace.booked and left >= 0 else DUE_DAYS
    never_back = practice_only(tx)
    memories = (
        (row.stability_days, row.last_day)
        for row in tx.memories(workspace.learner.id)
        if (row.bank, row.objective) not in never_back
    )
    return due_days(memories, workspace.today, count, _review_seconds(workspace, now))


def _review_seconds(workspace: Workspace, now: Standing) -> Callable[[float, int], float]:
    """(stability_days, elapsed_days) -> what a question on it takes of this learner, its explanation read."""
    p_correct, recall = pricer(workspace, now).p_correct, now.memory.recall
    return lambda stability, elapsed: now.seconds.expected(p_correct(recall(stability, elapsed)), seen=True)
