"""Questions in QTI, as learning systems exchange them: versions 1.2 to 3.0, single files and zip packages."""

import contextlib
from dataclasses import dataclass, field

from qbank.exchange import blackboard_pool, examview, qti1, qti2, qti_own
from qbank.exchange.foreign import Read, Skipped
from qbank.exchange.mcq_draft import Draft
from qbank.exchange.mcq_rows import FaultLog
from qbank.exchange.qti_draft import NotAsked
from qbank.exchange.qti_manifest import Filed, filed
from qbank.exchange.qti_package import is_zip, members, names
from qbank.exchange.qti_pictures import QtiPictures
from qbank.exchange.qti_xml import Node, is_qti, is_stimulus, read_items
from qbank.exchange.xml_reading import Refused

QUESTION_LIMIT = 100_000  # of one file or package, with what is left out [judged]
MANIFEST = "imsmanifest.xml"
TWICE = "the same question again"


def recognises(name: str, content: bytes) -> bool:
    """Whether it is a QTI file, or a zip that says of itself that it is a package of learning material."""
    if not is_zip(content):
        return is_qti(content)
    return name.lower().endswith((".zip", ".imscc")) or any(
        member.rpartition("/")[2].lower() == MANIFEST for member in names(content)
    )


def read(content: bytes, faults: FaultLog) -> Read:
    """The questions with one best answer in a QTI file or package, and what was left out.

    Every file that cannot be read is a fault at its place; of a package, each with the name of the member.
    """
    found = _Found(QtiPictures(content))
    if not is_zip(content):
        found.read("", content, faults)
        return Read(found.drafts, found.skipped, found.pictures)
    try:
        for member, inner in members(content):
            if member.rpartition("/")[2].lower() == MANIFEST:
                found.read_manifest(member, inner)
            elif is_stimulus(inner):
                found.read(member, inner, _within(faults, member))
        for member, inner in members(content):
            if is_qti(inner) and not is_stimulus(inner):
                found.read(member, inner, _within(faults, member))
    except Refused as refused:
        faults.add(refused.line, refused.message, refused.mend)
    return Read(found.drafts, found.skipped, found.pictures)


def _within(faults: FaultLog, member: str) -> FaultLog:
    """A log for one member, whose faults go into the same list."""
    return FaultLog(f"{faults.name}/{member}", faults.items)


@dataclass(slots=True)
class _Found:
    """What was read so far; `_shared` are texts for several questions, by id or by member."""

    pictures: QtiPictures
    drafts: list[Draft] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    _shared: dict[str, str] = field(default_factory=dict)
    _filed: dict[str, Filed] = field(default_factory=dict)
    _texts: set[tuple[object, ...]] = field(default_factory=set)
    _ids: set[str] = field(default_factory=set)

    def read(self, member: str, content: bytes, faults: FaultLog) -> None:
        try:
            read_items(content, lambda node: self._take(node, member))
        except Refused as refused:
            faults.add(refused.line, refused.message, refused.mend)

    def read_manifest(self, member: str, content: bytes) -> None:
        """Take from a manifest what it says of the files; one that cannot be read costs no question."""
        with contextlib.suppress(Refused):
            read_items(content, lambda node: self._filed.update(filed(node, member)))

    def _take(self, node: Node, member: str) -> None:
        if len(self.drafts) + len(self.skipped) == QUESTION_LIMIT:
            message = f"There are more than {QUESTION_LIMIT:,} questions."
            raise Refused(node.line, message, "Export them in parts.")
        self.pictures.name(node, member)
        try:
            if node.name == "assessmentStimulus":
                self._shared[member] = qti2.shared_text(node)
            elif node.name == "assessmentItem":
                draft = qti2.draft_of(node, self._shared, member)
                self._keep(draft, member, draft.id if qti_own.is_own(node) else "")
            elif node.name.startswith("QUESTION_"):
                self._keep(blackboard_pool.draft_of(node), member)
            elif node.name == "question":
                self._keep(examview.draft_of(node), member)
            else:
                self._shared.update(qti1.shared_text(node))
                self._keep(qti1.draft_of(node, self._shared), member)
        except NotAsked as reason:
            where = f"{member}, line {node.line}" if member else ""
            self.skipped.append(Skipped(node.line, str(reason), where))

    def _keep(self, draft: Draft, member: str, name: str = "") -> None:
        """Canvas packs the same questions twice, once in its own spelling; ids may come again for other questions.

        With a `name`, a question of the same texts is another one if its name is.
        """
        texts = (name, draft.stem, frozenset(draft.options.values()), draft.options[draft.key])
        if texts in self._texts:
            raise NotAsked(TWICE)
        self._texts.add(texts)
        if draft.id in self._ids:
            draft.id = ""
        self._ids.add(draft.id)
        draft.lenient = True
        if member in self._filed:
            self._filed[member].add_to(draft)
        self.drafts.append(draft)
