"""The first answers of all learners, question by question, for the statistics of items."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

import msgspec

from qbank.store.connected import Connected

if TYPE_CHECKING:
    from qbank.core.insight.item_statistics import Item


class ItemAnswers(Connected):
    """What several learners answered to the same questions."""

    __slots__ = ()

    def item_answers(self) -> "Iterator[Item]":
        """Each question with options that somebody has answered, by (bank, id), read as asked for.

        An answer counts when the learner had never seen the question, when it was thought (neither too fast, nor a blank
        when time ran out) and not taken back, and when the options were those of now. The key is that of now.
        """
        # One verb reads these; the others load neither the statistics nor its statements.
        from qbank.core.insight.item_statistics import Answer, Item
        from qbank.store.item_statements import ANSWERED, SUPERSEDED

        superseded = {tuple(row[:3]): row[3] for row in self._connection.execute(SUPERSEDED)}
        for (bank, name, key, text), rows in groupby(self._stream(ANSWERED), itemgetter(0, 1, 2, 3)):
            options = msgspec.json.decode(text, type=list[str])
            answers = [
                Answer(learner, choice, elapsed_ms)
                for *_, version, learner, choice, elapsed_ms in rows
                if superseded.get((bank, name, version), options) == options
            ]
            if answers:
                yield Item(bank, name, key, tuple(options), answers)
