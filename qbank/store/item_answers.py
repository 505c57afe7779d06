"""The first answers of all learners, question by question, for the statistics of items."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from qbank.store.connected import Connected

if TYPE_CHECKING:
    from qbank.core.insight.item_statistics import Item


class _Keyed(NamedTuple):
    """A question's key and options now, the latter as JSON, and every version that had the same options."""

    key: str
    options: str
    versions: set[str]


class ItemAnswers(Connected):
    """What several learners answered to the same questions."""

    __slots__ = ()

    def item_answers(self) -> "Iterator[Item]":
        """Each question with options that somebody has answered, by (bank, id), read as asked for.

        An answer counts when the learner had never seen the question, when it was thought (neither too fast, nor a blank
        when time ran out) and not taken back, and when the options were those of now. The key is that of now.
        """
        # One verb reads these; the others load neither the statistics nor their statements.
        from qbank.core.insight.item_statistics import Answer, Item
        from qbank.store.item_statements import FIRST_ANSWERS

        known = self._keyed()
        for name, rows in groupby(self._stream(FIRST_ANSWERS), itemgetter(0, 1)):
            if (keyed := known.get(name)) is None:
                continue
            answers = [
                Answer(learner, choice, elapsed_ms)
                for _, _, version, learner, choice, elapsed_ms in rows
                if version in keyed.versions
            ]
            if answers:
                options = tuple(msgspec.json.decode(keyed.options, type=list[str]))
                yield Item(name[0], name[1], keyed.key, options, answers)

    def _keyed(self) -> dict[tuple[str, str], _Keyed]:
        from qbank.store.item_statements import VERSIONS

        rows = self._connection.execute(VERSIONS).all()
        found = {
            (bank, name): _Keyed(key, options, {version})
            for bank, name, current, version, key, options in rows
            if current
        }
        for bank, name, current, version, _, options in rows:
            keyed = found.get((bank, name))
            if not current and keyed is not None and options == keyed.options:
                keyed.versions.add(version)
        return found
