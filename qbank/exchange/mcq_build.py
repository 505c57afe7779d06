"""From drafts to objectives and questions, with the checks that hold for every shape."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from msgspec.structs import replace

from qbank.core.option_order import keeps_order
from qbank.core.pictures import without_paths
from qbank.core.question import NOT_RECALLED, RECALLED, Kind, Objective, Option, Question, option_id
from qbank.core.text import visible
from qbank.exchange.mcq_draft import Draft
from qbank.exchange.mcq_fields import refused
from qbank.exchange.mcq_rows import FaultLog

OPTION_LIMITS = (2, 26)  # fewer is no choice, more have no letter
LENGTH_LIMITS = {"question": 20_000, "option": 5_000, "explanation": 100_000}  # characters
NOTE_LIMIT = 20
OBJECTIVE_LENGTH = 100  # characters of a stem that stand in for the text of an objective


@dataclass(slots=True)
class Builder:
    """What was built so far, in file order. A question without an objective is its own objective.

    `prefix` goes before ids that the file gives, where other files give some too.
    """

    bank: str
    system: str
    known: Mapping[str, Mapping[str, str]]
    faults: FaultLog
    prefix: str = ""
    questions: list[Question] = field(default_factory=list)
    hints: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _objectives: dict[str, tuple[Objective, int]] = field(default_factory=dict)
    _seen: dict[str, tuple[int, int, int]] = field(
        default_factory=dict
    )  # hashes of all that is shown and of the stem, and the line
    _read: int = 0
    _counts: dict[str, int] = field(default_factory=dict)
    _names: dict[str, dict[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        self._names = {
            dimension: {_slug(name): area for area, name in areas.items()} | {area: area for area in areas}
            for dimension, areas in self.known.items()
        }

    @property
    def objectives(self) -> list[Objective]:
        return [objective for objective, _ in self._objectives.values()]

    def add(self, draft: Draft) -> None:
        """Check one draft and keep it; what is wrong with it goes to the faults."""
        before = len(self.faults.items)
        self._check_texts(draft)
        options = (RECALLED, NOT_RECALLED) if draft.recall else self._options(draft)
        if len(self.faults.items) > before:
            return
        name = self._id(draft, options)
        objective = self._objective(draft, name)
        fixed, pinned = keeps_order([option.text for option in options])
        order = draft.order or (fixed or (draft.fixed_order and not pinned), pinned)
        question = Question(self.bank, name, objective.id, draft.stem, options, draft.remember, *order)
        if draft.recall:
            question = replace(question, fixed_order=True, kind=Kind.RECALL)
        if self._is_new(question, draft.line) and len(self.faults.items) == before:
            self._keep(draft, question, objective)

    def take(self) -> tuple[list[Objective], list[Question], dict[str, tuple[str, ...]]]:
        """The objectives, questions and hints since the last time; of them, only what later ones are held against stays."""
        taken = self.objectives, self.questions, self.hints
        alone = {question.objective for question in self.questions if question.objective == question.id}
        self._objectives = {name: held for name, held in self._objectives.items() if name not in alone}
        self.questions, self.hints = [], {}
        return taken

    def notes(self, shape: str) -> list[str]:
        """What the learner should know about the import, one sentence each."""
        kind = "" if shape == "table" else f" in the shape {shape}"
        sentences = [f"{sentence} ({count})." for sentence, count in sorted(self._counts.items())]
        if len(sentences) > NOTE_LIMIT:
            sentences[NOTE_LIMIT:] = [f"There is more of this kind ({len(sentences) - NOTE_LIMIT})."]
        return [f"Read {self._read} questions{kind}.", *sentences]

    def _count(self, sentence: str) -> None:
        self._counts[sentence] = self._counts.get(sentence, 0) + 1

    def _check_texts(self, draft: Draft) -> None:
        if not draft.stem:
            self.faults.add(draft.line, "The question has no text.", "Write it, or delete the row.")
        named = [("question", draft.stem)]
        long_texts = (draft.explanation, draft.remember, *draft.explanations.values())
        named += [("explanation", text) for text in long_texts]
        named += [("option", text) for text in draft.options.values()]
        short_texts = (
            draft.id,
            draft.objective,
            draft.objective_text,
            *draft.areas.values(),
            *draft.sources,
            draft.review,
        )
        named += [("option", text) for text in short_texts]
        for what, text in named:
            if hidden := refused(text):
                message = f"A text holds characters that cannot be seen ({hidden})."
                self.faults.add(draft.line, message, "Remove them.")
            if len(text) > LENGTH_LIMITS[what]:
                message = f"A text has {len(text):,} characters; {LENGTH_LIMITS[what]:,} are allowed."
                self.faults.add(draft.line, message, "Shorten it; perhaps a quotation mark is not closed.")

    def _options(self, draft: Draft) -> tuple[Option, ...]:
        texts = {label: " ".join(text.split()) for label, text in draft.options.items() if text.strip()}
        texts = texts if draft.verbatim else _unlabelled(texts)
        if draft.lenient:
            texts = self._without_doubles(texts, draft.key)
        low, high = OPTION_LIMITS
        if not low <= len(texts) <= high:
            mend = f"Give it {low} to {high}."
            self.faults.add(
                draft.line, f"The question has {len(texts)} option{'s' * (len(texts) != 1)}.", mend
            )
        elif draft.key not in texts:
            mend = "Write the letter of an option that is there."
            self.faults.add(draft.line, "The key is not one of the options.", mend)
        for text, count in Counter(texts.values()).items():
            if count > 1:
                message = f'The option "{text[:80]}" is there twice.'
                self.faults.add(draft.line, message, "Change or remove one.")
        explanations = dict(draft.explanations)
        own = explanations.get(draft.key, "")
        if draft.explanation not in own:
            explanations[draft.key] = "\n\n".join(filter(None, (own, draft.explanation)))
        return tuple(
            Option(option_id(text), text, label == draft.key, explanations.get(label, ""))
            for label, text in texts.items()
        )

    def _without_doubles(self, texts: dict[str, str], key: str) -> dict[str, str]:
        """The options without wrong ones that stand there already; one like the key stays, to be refused."""
        first: dict[str, str] = {}
        for label, text in texts.items():
            first.setdefault(text, label)
        kept = {
            label: text for label, text in texts.items() if first[text] == label or text == texts.get(key)
        }
        if len(kept) < len(texts):
            self._count("Questions with a wrong option twice have it once")
        return kept

    def _id(self, draft: Draft, options: tuple[Option, ...]) -> str:
        """The file's own id as far as it can be one, else one from the texts, so a corrected key keeps it."""
        slug = re.sub(r"[^A-Za-z0-9._-]+", "-", draft.id).strip("-.")[:100]
        if slug:
            if slug != draft.id:
                self._count("Ids were simplified to letters, digits and hyphens")
            return self.prefix + slug
        return "q-" + _hash(draft.stem, *sorted(option.text for option in options))

    def _is_new(self, question: Question, line: int) -> bool:
        if question.id not in self._seen:
            self._seen[question.id] = (_shown(question), hash(question.stem), line)
            return True
        shown, stem, first_line = self._seen[question.id]
        if shown == _shown(question):
            self._count("Questions that stood in the file twice were read once")
        elif stem == hash(question.stem):
            message = f"The question of line {first_line} is here again with another key or other texts."
            self.faults.add(line, message, "Keep the right one.")
        else:
            message = f'The id "{question.id}" was used on line {first_line}.'
            self.faults.add(line, message, "Give each question its own id.")
        return False

    def _keep(self, draft: Draft, question: Question, objective: Objective) -> None:
        self.questions.append(question)
        self._read += 1
        if draft.hints:
            self.hints[question.id] = tuple(draft.hints)
        self._objectives.setdefault(objective.id, (objective, draft.line))
        if draft.tag:
            self._count(f"Questions marked {visible(draft.tag[:40])}")
        if draft.recall:
            self._count("Cards read as recall prompts")
        elif question.fixed_order:
            self._count("Questions whose options keep their order")

    def _objective(self, draft: Draft, question: str) -> Objective:
        name = _objective_name(draft) or question
        text = draft.objective_text or draft.objective or shortened(draft.stem)
        system = self._area("system", draft.areas.get("system", ""), draft)
        system = system or next(self._hinted("system", draft), self.system)
        disciplines = tuple(
            area
            for part in re.split(r"[;,|]", draft.areas.get("discipline", ""))
            if part.strip() and (area := self._area("discipline", part.strip(), draft))
        )
        disciplines = disciplines or tuple(dict.fromkeys(self._hinted("discipline", draft)))
        section, task = (self._area(name, draft.areas.get(name, ""), draft) for name in ("section", "task"))
        task = task or next(self._hinted("task", draft), "")
        areas = (system, section, disciplines, task)
        said = (draft.likelihood, draft.sources, draft.review)
        objective = Objective(self.bank, name, " ".join(text.split()), *areas, *said)
        if name not in self._objectives:
            return objective
        first, line = self._objectives[name]
        if _places(first) != _places(objective):
            message = f'The objective "{first.text[:80]}" lies in other areas on line {line}.'
            self.faults.add(draft.line, message, "Name the same areas each time, or split the objective.")
        return first

    def _area(self, dimension: str, text: str, draft: Draft) -> str:
        """The id of the area that a text names by id or name, "" for none."""
        if not text:
            return ""
        wanted = _slug(text)
        if dimension not in self.known:
            return "" if draft.lenient else wanted
        if wanted in self._names[dimension]:
            return self._names[dimension][wanted]
        if draft.lenient:
            self._count(f"Questions on {visible(text[:60])}, which is no {dimension} of the exam, carry none")
        else:
            words = {*self.known[dimension], *self.known[dimension].values()}
            self.faults.add_unknown(draft.line, f'The exam has no {dimension} "{text}".', text, words)
        return ""

    def _hinted(self, dimension: str, draft: Draft) -> Iterator[str]:
        """The areas that a draft's hints name. A section is never one: it would have to agree with the system."""
        names = self._names.get(dimension, {})
        return (names[slug] for slug in map(_slug, draft.hints) if slug in names)


def _unlabelled(texts: dict[str, str]) -> dict[str, str]:
    """The options without "A. ", "B) " before them, if every one of them has its own letter there."""
    prefix = re.compile(r"\(?([A-Za-z])[.)]\s*(.+)")
    found = {label: prefix.fullmatch(text) for label, text in texts.items()}
    if all(match and match[1].lower() == label for label, match in found.items()):
        return {label: match[2] for label, match in found.items() if match}
    return texts


def _shown(question: Question) -> int:
    """A hash of all that a version is of, which takes a tenth of the time."""
    return hash((question.stem, question.options, question.remember, question.fixed_order, question.pinned))


def _places(objective: Objective) -> tuple[object, ...]:
    return objective.system, objective.section, objective.disciplines, objective.task


def _slug(text: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", text.casefold().replace("&", " and ")))


def _objective_name(draft: Draft) -> str:
    """The id of the objective that a draft names, "" for none; where its text is given too, what names it is an id."""
    if draft.objective_text and re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", draft.objective):
        return draft.objective
    return _objective_id(draft.objective) if draft.objective else ""


def _objective_id(text: str) -> str:
    folded = " ".join(text.split())
    if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", folded) and len(folded) <= 100:
        return folded
    return f"{_slug(folded)[:48].strip('-')}-{_hash(folded)[:6]}".strip("-")


def shortened(stem: str) -> str:
    """The beginning of a stem, which stands in for the text of an objective."""
    folded = " ".join(without_paths(stem).split())
    if len(folded) <= OBJECTIVE_LENGTH:
        return folded
    return folded[:OBJECTIVE_LENGTH].rsplit(" ", 1)[0] + "…"


def _hash(*texts: str) -> str:
    return hashlib.blake2b("\x1f".join(texts).encode(), digest_size=6).hexdigest()
