"""The names of the banks that qbank keeps itself; an imported one has the name its user gave."""

from qbank.store.store import Transaction

STARTER = "starter"
OWN = "own"
MISSES = "misses"


def misses_bank(learner_id: str) -> str:
    """The bank of what one learner missed elsewhere: their own words, so theirs alone in a store of several."""
    return f"{MISSES}-{learner_id[:8]}"


def is_misses(bank: str) -> bool:
    """Whether a bank holds what some learner missed elsewhere."""
    return bank == MISSES or bank.startswith(f"{MISSES}-")


def others_misses(tx: Transaction, learner_id: str) -> tuple[str, ...]:
    """The banks of what other learners missed; nothing of them is shown to this one."""
    mine = misses_bank(learner_id)
    return tuple(row.id for row in tx.banks() if is_misses(row.id) and row.id != mine)


def nothing_loaded(tx: Transaction) -> str:
    """What to do where no question can be served at all."""
    off = [row.id for row in tx.banks() if row.off]
    if off:
        return f"Every question is in a bank that is switched off. Switch one on with: qbank bank on {off[0]}"
    return "No questions are loaded yet. Begin with: qbank start"


def not_offered(tx: Transaction, learner_id: str) -> tuple[str, ...]:
    """The banks of which nothing comes to this learner: other learners' misses, and those that are switched off."""
    return (*others_misses(tx, learner_id), *(row.id for row in tx.banks() if row.off))
