"""What a package's manifest says of its items: objectives and areas out, and any program's keywords in.

The metadata is LOM (IEEE 1484.12.1): an objective is a classification with the purpose "educational objective", an area one
with the purpose "discipline", by the dimension that it lies in.
"""

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import unquote

from qbank.core.question import Objective
from qbank.exchange.mcq_draft import Draft
from qbank.exchange.mcq_fields import mended
from qbank.exchange.qti_dialect import Dialect
from qbank.exchange.qti_xml import Node
from qbank.exchange.xml_writing import escaped, tag

OBJECTIVE = "qbank objective"
AREA = "qbank "
"""What the sources of classifications that go out from here are called; that of an area ends with its dimension."""
DIMENSIONS = ("system", "section", "discipline", "task")
TITLE_LENGTH = 1_000  # characters, as LOM 1.2 asks programs to keep


class Entry(NamedTuple):
    """An item of a package: its name in the manifest, its file, what it asks about, and the pictures it shows."""

    name: str
    path: str
    objective: Objective
    has_feedback: bool
    pictures: Sequence[str] = ()


@dataclass(slots=True)
class Filed:
    """What a manifest says of a file. `areas` and `objective` only of what went out from here."""

    objective: str = ""
    objective_text: str = ""
    areas: dict[str, str] = field(default_factory=dict)
    keywords: list[str] = field(default_factory=list)

    def add_to(self, draft: Draft) -> None:
        """Put a draft where the manifest has it."""
        draft.objective, draft.objective_text = self.objective, self.objective_text
        draft.areas.update(self.areas)
        draft.hints = (*self.keywords, *draft.hints)


def written(entries: Iterable[Entry], dialect: Dialect) -> str:
    """The manifest of a package."""
    name, version = dialect.schema
    metadata = tag("metadata", tag("schema", name) + tag("schemaversion", version))
    resources = "\n".join(_resource(entry, dialect) for entry in entries)
    content = f"\n{metadata}\n<organizations/>\n<resources>\n{resources}\n</resources>\n"
    return dialect.manifest_file(content, identifier="qbank-manifest")


def filed(resource: Node, manifest: str) -> Iterator[tuple[str, Filed]]:
    """Each file of a `resource` with what is said of it; `manifest` is the name of the member that says it."""
    said = Filed()
    for lom in resource.each("lom"):
        said.keywords += (_line(node) for node in lom.each("keyword"))
        for classification in lom.each("classification"):
            for path in classification.each("taxonPath"):
                _add_path(said, path)
    said.keywords = [word for word in dict.fromkeys(said.keywords) if word]
    for node in resource.each("resource", "file"):
        if node.get("href"):
            yield _within(manifest, node.get("href")), said


def _resource(entry: Entry, dialect: Dialect) -> str:
    about = "".join(
        tag(f"imsqti:{name}", value)
        for name, value in (
            ("timeDependent", "false"),
            ("interactionType", "choiceInteraction"),
            ("feedbackType", "nonadaptive" if entry.has_feedback else "none"),
            ("solutionAvailable", "true"),
            ("toolName", "qbank"),
        )
    )
    metadata = tag("metadata", tag("imsqti:qtiMetadata", about) + _lom(entry.objective))
    content = metadata + "".join(tag("file", href=path) for path in (entry.path, *entry.pictures))
    return tag("resource", content, identifier=entry.name, type=dialect.item_type, href=entry.path)


def _lom(objective: Objective) -> str:
    places = list(_places(objective))
    keywords = "".join(tag("imsmd:keyword", _string(area)) for _, area in places)
    general = tag("imsmd:general", keywords) if keywords else ""
    classified = _classification("educational objective", [_path(OBJECTIVE, objective.id, objective.text)])
    if places:
        paths = [_path(AREA + dimension, area, "") for dimension, area in places]
        classified += _classification("discipline", paths)
    return tag("imsmd:lom", general + classified)


def _places(objective: Objective) -> Iterator[tuple[str, str]]:
    """The areas of an objective, each with its dimension."""
    named = [("system", objective.system), ("section", objective.section), ("task", objective.task)]
    named += [("discipline", one) for one in objective.disciplines]
    yield from ((dimension, area) for dimension, area in named if area)


def _classification(purpose: str, paths: Iterable[str]) -> str:
    source = tag("imsmd:source", "LOMv1.0") + tag("imsmd:value", purpose)
    return tag("imsmd:classification", tag("imsmd:purpose", source) + "".join(paths))


def _path(source: str, name: str, text: str) -> str:
    entry = tag("imsmd:entry", _string(text)) if text else ""
    taxon = tag("imsmd:taxon", tag("imsmd:id", escaped(name)) + entry)
    return tag("imsmd:taxonPath", tag("imsmd:source", _string(source)) + taxon)


def _string(text: str) -> str:
    return tag("imsmd:string", escaped(text))


def _add_path(said: Filed, path: Node) -> None:
    source = next((_line(node) for node in path.each("source")), "")
    taxa = [(_first(taxon, "id"), _first(taxon, "entry")) for taxon in path.each("taxon")]
    dimension = source.removeprefix(AREA)
    if source == OBJECTIVE and taxa:
        said.objective, said.objective_text = taxa[0]
    elif source.startswith(AREA) and dimension in DIMENSIONS:
        areas = [said.areas.get(dimension, ""), *(name for name, _ in taxa)]
        said.areas[dimension] = ";".join(filter(None, areas))
    else:
        said.keywords += (entry or name for name, entry in reversed(taxa))


def _first(taxon: Node, name: str) -> str:
    """A taxon's own id or entry, not those of the taxa within it."""
    return next((_line(node) for node in taxon.nodes() if node.name == name), "")


def _line(node: Node) -> str:
    return mended(" ".join(node.text().split()))


def _within(manifest: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(manifest), unquote(href)))
