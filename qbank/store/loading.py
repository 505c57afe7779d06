"""What loading questions has to write: the difference between what is stored and what the files say."""

from collections.abc import Sequence
from typing import Any

import msgspec

from qbank.core.pictures import without_paths
from qbank.core.question import Objective, Question, as_served, in_reserve, serve
from qbank.store.rows import LoadCounts


class StoredQuestion(msgspec.Struct, frozen=True):
    """A question as it stands in the store; `option_ids` are sorted."""

    objective: str
    version: str
    path: str
    line: int
    retired: bool
    key: str
    option_ids: tuple[str, ...]


class Writes(msgspec.Struct):
    """The rows to write for some questions, and what they amount to.

    `restructured` says whether another set of questions, or another objective's set, can be served
    afterwards; `moved` whether a stored question went to another objective.
    """

    questions: list[dict[str, Any]] = []
    versions: list[dict[str, Any]] = []
    texts: list[dict[str, Any]] = []
    rekeyed: list[str] = []
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    restructured: bool = False
    moved: bool = False

    def add(
        self,
        item: Question,
        prior: StoredQuestion | None,
        *,
        place: tuple[str, int],
        objective_text: str,
        objective_changed: bool,
    ) -> None:
        """Compare one question with what is stored of it."""
        version, option_ids = item.version, sorted(option.id for option in item.options)
        reworded = prior is None or prior.version != version
        relocated = prior is None or prior.retired or prior.objective != item.objective
        self._count(item, prior, reworded, option_ids)
        self.restructured |= relocated
        self.moved |= prior is not None and prior.objective != item.objective
        if reworded or relocated or (prior is not None and (prior.path, prior.line) != place):
            self.questions.append(_question_values(item, version, place))
        if reworded:
            self.versions.append(_version_values(item, version, option_ids))
        if reworded or relocated or objective_changed:
            body = searchable(item, objective_text)
            self.texts.append({"bank": item.bank, "question": item.id, "body": body})

    def counts(self, *, objectives_changed: bool) -> LoadCounts:
        """What it amounts to, when the objectives are written too."""
        replaced = self.moved or objectives_changed
        return LoadCounts(self.new, self.changed, self.unchanged, tuple(self.rekeyed), replaced)

    def _count(
        self, item: Question, prior: StoredQuestion | None, reworded: bool, option_ids: Sequence[str]
    ) -> None:
        if prior is None:
            self.new += 1
            return
        if reworded or prior.retired:
            self.changed += 1
        else:
            self.unchanged += 1
        if prior.key != item.key.id and list(prior.option_ids) == option_ids:
            self.rekeyed.append(item.id)


def objective_values(item: Objective, *, own: bool) -> dict[str, Any]:
    """The row of an objective. None of a learner's own is kept in reserve: it was written to be practised."""
    return {
        "bank": item.bank,
        "id": item.id,
        "system": item.system,
        "section": item.section,
        "disciplines": " ".join(sorted(item.disciplines)),
        "task": item.task,
        "likelihood": item.likelihood,
        "reserve": not own and in_reserve(item.id),
        "payload": item.payload.decode(),
    }


def searchable(item: Question, objective_text: str) -> str:
    """Everything of a question that a word can be looked for in; of a variant, with some numbers."""
    if item.draws:
        item = as_served(item, serve(item, 0))
    options = [part for option in item.options for part in (option.text, option.explanation)]
    parts = (item.stem, *options, item.remember, objective_text, item.id, item.objective)
    return "\n".join(map(without_paths, filter(None, parts))).replace("\x00", " ")


def _question_values(item: Question, version: str, place: tuple[str, int]) -> dict[str, Any]:
    path, line = place
    return {
        "bank": item.bank,
        "id": item.id,
        "objective": item.objective,
        "version": version,
        "kind": item.kind.value,
        "path": path,
        "line": line,
        "retired": False,
    }


def _version_values(item: Question, version: str, option_ids: Sequence[str]) -> dict[str, Any]:
    return {
        "bank": item.bank,
        "question": item.id,
        "version": version,
        "key": item.key.id,
        "option_ids": list(option_ids),
        "payload": msgspec.json.encode(item).decode(),
    }
