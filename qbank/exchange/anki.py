"""Multiple-choice questions in decks of Anki, with the reviews that the learner gave them there."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from qbank.core.text import visible
from qbank.exchange.anki_collection import Collection, Note, connected
from qbank.exchange.anki_notes import question
from qbank.exchange.anki_package import ALL_MEDIA_LIMIT, Package, Refused, is_package, opened
from qbank.exchange.anki_recall import prompts
from qbank.exchange.foreign import PastReview, Read, Skipped
from qbank.exchange.markup import to_line
from qbank.exchange.mcq_draft import Draft
from qbank.exchange.mcq_rows import FaultLog

ENDINGS = (".apkg", ".colpkg")
EXCERPT = 40  # characters of a note that is left out, by which it can be found in Anki
_NO_AREA = frozenset({"marked", "leech", "default"})
_FILLERS = "#^!*~ "
_PICTURE = re.compile(r"!\[[^\[\]]{0,1000}\]\(([^\s()]{1,4000})\)")


def recognises(name: str, content: bytes) -> bool:
    """Whether it is a package of Anki's, by its content, or says so by its name."""
    return name.lower().endswith(ENDINGS) or is_package(content)


def read(
    content: bytes, faults: FaultLog, columns: Mapping[str, str] | None = None, *, recall: bool = False
) -> Read:
    """The notes that are multiple-choice questions, their pictures and their reviews; what else there is, as skipped.

    `columns` maps a field (`stem`, `answer`, `a`, ...) to the note's own name for it. With `recall` all other cards come in
    as prompts whose back the learner compares.
    """
    found = _Found(columns or {}, recall=recall)
    try:
        with opened(content) as package, connected(package.collection) as collection:
            if _knows_fields(collection, found.columns, faults):
                found.read(package, collection)
    except Refused as refused:
        faults.add(1, refused.message, refused.mend)
    return Read(found.drafts, found.skipped, found.pictures, found.reviews)


@dataclass(slots=True)
class _Found:
    """What was read so far; `cards` are those whose reviews are wanted, with the draft that each became."""

    columns: Mapping[str, str]
    recall: bool
    drafts: list[Draft] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    reviews: Mapping[str, list[PastReview]] = field(default_factory=dict)
    cards: dict[int, str] = field(default_factory=dict)

    def read(self, package: Package, collection: Collection) -> None:
        left = ALL_MEDIA_LIMIT
        for line, note in enumerate(collection.notes(), 1):
            for draft in self._drafts(note, line):
                self.drafts.append(replace(draft, hints=_hints(note)))
                for path in _paths(draft):
                    if path not in self.pictures and (picture := package.picture(unquote(path), left)):
                        left -= len(picture)
                        self.pictures[path] = picture
        self.reviews = collection.reviews(self.cards)

    def _drafts(self, note: Note, line: int) -> Iterator[Draft]:
        """A note's question, else its prompts if they are wanted, else what was left out and why."""
        name = f"anki-{hashlib.blake2b(note.guid.encode(errors='replace'), digest_size=8).hexdigest()}"
        found = question(note, line, self.columns)
        if isinstance(found, Draft):
            self.cards |= dict.fromkeys(note.cards.values(), name)
            yield replace(found, id=name)
            return
        asked = [*prompts(note)] if self.recall else []
        for prompt in asked:
            own = f"{name}-{prompt.card + 1}"
            self.cards[note.cards[prompt.card]] = own
            yield Draft(line, prompt.front, {}, id=own, remember=prompt.back, lenient=True, recall=True)
        if not asked:
            reason = f"{found}, and no card with two sides" if self.recall else found
            self.skipped.append(Skipped(line, reason, _where(note, line)))


def _knows_fields(collection: Collection, columns: Mapping[str, str], faults: FaultLog) -> bool:
    """Whether some note type has each field that a map names; one that none has is a fault."""
    known = {name for each in collection.types.values() for name in each.fields}
    for name in columns.values():
        if name not in known:
            faults.add_unknown(1, f'No note type has a field "{name}".', name, known)
    return not faults.items


def _hints(note: Note) -> list[str]:
    """Words that may name areas: the parts of tags and of the deck's name, the innermost first."""
    paths = [*note.tags, note.deck]
    parts = (part.strip(_FILLERS).replace("_", " ") for path in paths for part in reversed(path.split("::")))
    return list(dict.fromkeys(part for part in parts if part and part.casefold() not in _NO_AREA))


def _paths(draft: Draft) -> Iterable[str]:
    texts = (
        draft.stem,
        draft.explanation,
        draft.remember,
        *draft.options.values(),
        *draft.explanations.values(),
    )
    return dict.fromkeys(path for text in texts for path in _PICTURE.findall(text))


def _where(note: Note, line: int) -> str:
    """The place of a note in words: its number, and how it begins."""
    text = to_line(note.fields[0][: EXCERPT * 10])
    shown = visible(text[:EXCERPT].rstrip())
    return f'note {line} ("{shown}{"…" if len(text) > EXCERPT else ""}")' if shown else f"note {line}"
