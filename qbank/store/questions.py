"""Reading the bank: questions in any version, and lists and counts of what can be served."""

from collections.abc import Collection, Iterator

import msgspec
from msgspec.structs import replace
from sqlalchemy import ColumnElement, and_, bindparam, func, literal, select

from qbank.core.question import Kind, Objective, Question
from qbank.store.connected import AnyRow, Connected
from qbank.store.rows import AreaCount, BankCounts, CellCount, Listing
from qbank.store.tables import LIVE, objective, question, question_version


class _OptionText(msgspec.Struct):
    text: str


class _Texts(msgspec.Struct):
    """What of a question tells it from others, without its explanations."""

    stem: str
    options: list[_OptionText]


_texts_decoder = msgspec.json.Decoder(_Texts)
_question_decoder = msgspec.json.Decoder(Question)
_objective_decoder = msgspec.json.Decoder(Objective)

CURRENT = and_(
    question_version.c.bank == question.c.bank,
    question_version.c.question == question.c.id,
    question_version.c.version == question.c.version,
)
OF_OBJECTIVES = and_(
    question.c.bank == bindparam("bank"), question.c.objective.in_(bindparam("objectives", expanding=True))
)
_probes = and_(objective.c.bank == question.c.bank, objective.c.id == question.c.objective)

_QUESTION = (
    select(question_version.c.payload, question.c.objective)
    .select_from(question.join(question_version, CURRENT))
    .where(question.c.bank == bindparam("bank"), question.c.id == bindparam("question"))
)
_VERSION = select(question_version.c.payload).where(
    question_version.c.bank == bindparam("bank"),
    question_version.c.question == bindparam("question"),
    question_version.c.version == bindparam("version"),
)
_KEY = (
    select(question_version.c.key, question_version.c.option_ids)
    .select_from(question.join(question_version, CURRENT))
    .where(question.c.bank == bindparam("bank"), question.c.id == bindparam("question"))
)
_OBJECTIVE = select(objective.c.payload).where(
    objective.c.bank == bindparam("bank"), objective.c.id == bindparam("objective")
)
_CELLS = (
    select(
        objective.c.section,
        objective.c.system,
        objective.c.disciplines,
        func.count(),
        func.sum(objective.c.n_questions),
    )
    .where(objective.c.n_questions > 0)
    .group_by(objective.c.section, objective.c.system, objective.c.disciplines)
    .order_by(objective.c.section, objective.c.system, objective.c.disciplines)
)
_LISTING = select(
    question.c.bank,
    question.c.id,
    question.c.objective,
    objective.c.system,
    objective.c.section,
    objective.c.disciplines,
    question.c.kind,
    question.c.path,
    question.c.line,
    LIVE,
).select_from(question.join(objective, _probes))

_IDS = select(question.c.id).where(question.c.bank == bindparam("bank"))
_TEXTS = (
    select(question.c.bank, question.c.id, question_version.c.payload)
    .select_from(question.join(question_version, CURRENT))
    .where(LIVE, question.c.kind == Kind.CHOICE.value)
    .order_by(question.c.bank, question.c.id)
)
_BY_BANK = (
    select(question.c.bank, func.count()).where(question.c.retired.is_(False)).group_by(question.c.bank)
)


class Questions(Connected):
    """Reading question banks. What is in `without_banks` is passed over."""

    __slots__ = ()

    def question(self, bank_id: str, question_id: str, version: str | None = None) -> Question | None:
        """The question in that version, or as it is now, retired or not; None when there is none."""
        names = {"bank": bank_id, "question": question_id}
        if version is None:
            row = self._connection.execute(_QUESTION, names).first()
            if row is None:
                return None
            # A version says what a learner sees; which objective that probes can change without a new one.
            return replace(_question_decoder.decode(row.payload), objective=row.objective)
        payload = self._connection.execute(_VERSION, names | {"version": version}).scalar()
        return None if payload is None else _question_decoder.decode(payload)

    def questions_with(self, words: str) -> Iterator[Question]:
        """Every version of every question whose texts hold these words, which are plain ASCII."""
        for payload in self._connection.execute(select(question_version.c.payload)).scalars():
            if words in payload:
                yield _question_decoder.decode(payload)

    def current_key(self, bank_id: str, question_id: str, option_ids: Collection[str]) -> str | None:
        """The option id of today's key, if today's options are exactly these; None if they have changed."""
        row = self._connection.execute(_KEY, {"bank": bank_id, "question": question_id}).first()
        if row is None or row.option_ids != sorted(option_ids):
            return None
        return str(row.key)

    def objective(self, bank_id: str, objective_id: str) -> Objective | None:
        """The objective as it is now, retired or not."""
        payload = self._connection.execute(_OBJECTIVE, {"bank": bank_id, "objective": objective_id}).scalar()
        return None if payload is None else _objective_decoder.decode(payload)

    def objectives(
        self,
        *,
        bank: str | None = None,
        system: str | None = None,
        discipline: str | None = None,
        without_banks: Collection[str] = (),
    ) -> list[Objective]:
        """The objectives that are not retired, by (bank, id); some may have no question."""
        query = select(objective.c.payload).where(
            objective.c.retired.is_(False),
            *in_areas(system=system, discipline=discipline),
            *_outside(objective.c.bank, without_banks),
        )
        if bank is not None:
            query = query.where(objective.c.bank == bank)
        rows = self._connection.execute(query.order_by(objective.c.bank, objective.c.id)).scalars()
        return [_objective_decoder.decode(payload) for payload in rows]

    def find_question(self, name: str, *, without_banks: Collection[str] = ()) -> list[Listing]:
        """The questions that `name` can mean: an id, `bank/id`, or, failing that, the beginning of an id.

        In a beginning, A-Z and a-z are the same.
        """
        bank_id, _, question_id = name.rpartition("/")
        exact = self._listed(question.c.id == question_id, bank_id, without_banks)
        if exact or not question_id:
            return exact
        return self._listed(begins(question.c.id, question_id), bank_id, without_banks)

    def list_questions(
        self,
        *,
        bank: str | None = None,
        system: str | None = None,
        discipline: str | None = None,
        objective_id: str | None = None,
        retired: bool | None = False,
        limit: int | None = None,
        without_banks: Collection[str] = (),
    ) -> list[Listing]:
        """Questions by (bank, id) that meet every filter; `retired` None gives live and other ones."""
        query = _LISTING.where(
            *in_areas(system=system, discipline=discipline), *_outside(question.c.bank, without_banks)
        )
        if bank is not None:
            query = query.where(question.c.bank == bank)
        if objective_id is not None:
            query = query.where(question.c.objective == objective_id)
        if retired is not None:
            query = query.where(~LIVE if retired else LIVE)
        rows = self._connection.execute(query.order_by(question.c.bank, question.c.id).limit(limit))
        return [_listing(row) for row in rows]

    def bank_counts(self, bank: str | None = None, *, without_banks: Collection[str] = ()) -> BankCounts:
        """What can be served, of one bank or of all, by system and by discipline."""
        query = _CELLS if bank is None else _CELLS.where(objective.c.bank == bank)
        query = query.where(*_outside(objective.c.bank, without_banks))
        objectives = questions = 0
        systems: dict[str, AreaCount] = {}
        disciplines: dict[str, AreaCount] = {}
        for _section, system, names, n_objectives, n_questions in self._connection.execute(query):
            objectives += n_objectives
            questions += int(n_questions)
            _add(systems, system, n_objectives, int(n_questions))
            for name in names.split() or [""]:
                _add(disciplines, name, n_objectives, int(n_questions))
        return BankCounts(objectives, questions, systems, disciplines)

    def cell_counts(self, *, without_banks: Collection[str] = ()) -> list[CellCount]:
        """How many live objectives there are in each place of the blueprint."""
        rows = self._connection.execute(_CELLS.where(*_outside(objective.c.bank, without_banks)))
        return [CellCount(row[0], row[1], row[2], row[3], int(row[4])) for row in rows]

    def question_ids(self, bank_id: str) -> frozenset[str]:
        """The ids of all questions of a bank, retired ones among them."""
        return frozenset(self._connection.execute(_IDS, {"bank": bank_id}).scalars())

    def question_texts(
        self, *, without_banks: Collection[str] = ()
    ) -> Iterator[tuple[str, str, str, list[str]]]:
        """(bank, id, stem, texts of the options) of every live question that has options."""
        query = _TEXTS.where(*_outside(question.c.bank, without_banks))
        for bank_id, question_id, payload in self._stream(query):
            texts = _texts_decoder.decode(payload)
            yield bank_id, question_id, texts.stem, [option.text for option in texts.options]

    def questions_by_bank(self) -> dict[str, int]:
        """How many questions each bank holds that are not retired, whether they are offered or not."""
        return {bank_id: int(count) for bank_id, count in self._connection.execute(_BY_BANK)}

    def _listed(
        self, condition: ColumnElement[bool], bank_id: str, without_banks: Collection[str]
    ) -> list[Listing]:
        query = _LISTING.where(condition, *_outside(question.c.bank, without_banks)).order_by(
            LIVE.desc(), question.c.bank, question.c.id
        )
        if bank_id:
            query = query.where(question.c.bank == bank_id)
        return [_listing(row) for row in self._connection.execute(query)]


def in_areas(
    *, system: str | None = None, discipline: str | None = None, task: str | None = None
) -> list[ColumnElement[bool]]:
    """Conditions on objectives: of these areas, by id."""
    conditions: list[ColumnElement[bool]] = []
    if system is not None:
        conditions.append(objective.c.system == system)
    if task is not None:
        conditions.append(objective.c.task == task)
    if discipline is not None:
        padded = literal(" ") + objective.c.disciplines + literal(" ")
        conditions.append(padded.contains(f" {discipline} ", autoescape=True))
    return conditions


def begins(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """Whether identifiers begin with a text, by code point but for A-Z and a-z, which are the same.

    LIKE would fold letters in SQLite and not in PostgreSQL; `lower` on an identifier folds A-Z alone in both.
    """
    folded = "".join(letter.lower() if letter.isascii() else letter for letter in text)
    return func.substr(func.lower(column), 1, len(folded)) == folded


def _outside(bank: ColumnElement[str], without_banks: Collection[str]) -> list[ColumnElement[bool]]:
    return [bank.not_in(sorted(without_banks))] if without_banks else []


def _listing(row: AnyRow) -> Listing:
    bank_id, question_id, objective_id, system, section, disciplines, kind, path, line, live = row
    return Listing(
        bank_id,
        question_id,
        objective_id,
        system,
        section,
        tuple(disciplines.split()),
        Kind(kind),
        path,
        line,
        bool(live),
    )


def _add(counts: dict[str, AreaCount], area: str, objectives: int, questions: int) -> None:
    before = counts.get(area, AreaCount(0, 0))
    counts[area] = AreaCount(before.objectives + objectives, before.questions + questions)
