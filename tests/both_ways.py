"""One block composed twice: from all rows, and from the shelf."""

from qbank.app.candidates import Wanted, drawn_banks, free_candidates
from qbank.app.shelves import large_bank
from qbank.app.standing import standing
from qbank.app.workspace import Workspace
from qbank.core.candidates import Candidate
from qbank.core.drill import Composition, compose
from qbank.core.shelf import Shelf


def both_ways(
    workspace: Workspace, *, size: int, seed: int, lean: float = 1.0
) -> tuple[Composition, Composition] | None:
    """(from all rows, from the shelf); None where there are no ceilings that hold."""
    with workspace.store.read() as tx:
        now = standing(workspace, tx, lean=lean)
        large = large_bank(workspace, tx, now, Wanted(), timed=True)
        if large is None or not large.can_be_shelved:
            return None
        left_out = [("starter", "beta-0"), ("imported", "delta-1")]

        def composed(rows: list[Candidate] | Shelf) -> Composition:
            return compose(
                rows,
                now.model,
                now.reported,
                on=workspace.today,
                exam_day=workspace.exam_day,
                size=size,
                seed=seed,
                served={
                    row.area: row.answered
                    for row in tx.area_totals(workspace.learner.id)
                    if row.dimension == "system"
                },
                lean=lean,
                guess=now.guess,
                seconds=now.seconds,
                drawn_banks=drawn_banks(tx),
                memory=now.memory,
            )

        every = free_candidates(workspace, tx, now, Wanted(), timed=True)
        return (
            composed([row for row in every if (row.bank, row.objective) not in left_out]),
            composed(large.shelf(left_out)),
        )
