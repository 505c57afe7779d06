"""The questions of a bank file: from one `# id` heading to the next."""

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from qbank.bank.blocks import Block, Item, blocks_of, has_boxes, items_of
from qbank.bank.faults import FaultList, nearest
from qbank.bank.front_matter import EXCEPT, EXCEPT_EXAMPLE, check_id, read_exceptions, read_toml
from qbank.core.question import Objective, Option, Question, option_id
from qbank.errors import VariantInvalid

SEEDS_READ = 3
"""Seeds under which a variant must be drawable to be read; `bank check` tries 200."""

DRAWS = "vars"
"""What the fenced block is marked with that makes a question a variant."""

OPTION_LIMITS = (2, 26)  # fewer is no choice, more have no letter


def read_questions(
    lines: Sequence[str], offset: int, objective: Objective, faults: FaultList
) -> tuple[tuple[Question, ...], dict[str, int], dict[str, dict[str, str]]]:
    """The questions in the body of a file, and the line and the exceptions of each by id.

    `lines` have no trailing blanks and begin after `offset` lines of the file. Mistakes go to `faults`.
    """
    blocks = blocks_of("\n".join(lines))
    starts = [at for at, block in enumerate(blocks) if block.is_question_heading]
    for block in blocks[: starts[0] if starts else None]:
        faults.add(
            offset + block.first + 1,
            "This stands before the first question.",
            "Begin it with `# question-id`.",
        )
    if not starts:
        faults.add(
            offset + 1, "The file has no question.", "Add a heading `# question-id` with a question under it."
        )
    questions: list[Question] = []
    places: dict[str, int] = {}
    exceptions: dict[str, dict[str, str]] = {}
    for at, start in enumerate(starts):
        end = starts[at + 1] if at + 1 < len(starts) else len(blocks)
        last_line = blocks[end].first if end < len(blocks) else len(lines)
        section = _Section(blocks[start], blocks[start + 1 : end], lines[:last_line], offset, faults)
        question, excepted = section.read(objective)
        if excepted:
            exceptions[question.id] = excepted
        if question.id in places:
            section.fault(
                section.heading.first, f'The id "{question.id}" is used twice.', "Give each question its own."
            )
        places.setdefault(question.id, offset + section.heading.first + 1)
        questions.append(question)
    return tuple(questions), places, exceptions


def is_attribute(line: str) -> bool:
    """Whether a line directly under a question's heading is read as an attribute, `key = value`."""
    return _ATTRIBUTE.match(line) is not None


_ATTRIBUTE = re.compile(r" {0,3}[A-Za-z_][A-Za-z0-9_-]*\s*=\s*[^=\s]")
_ATTRIBUTES = {"order": 'order = "fixed"', "pinned": "pinned = 1", EXCEPT: EXCEPT_EXAMPLE}


class _Section(msgspec.Struct, frozen=True):
    """One question's heading and blocks, with the lines of the file's body up to its end."""

    heading: Block
    blocks: Sequence[Block]
    lines: Sequence[str]
    offset: int
    faults: FaultList

    def fault(self, line: int, message: str, mend: str) -> None:
        self.faults.add(self.offset + line + 1, message, mend)

    def read(self, objective: Objective) -> tuple[Question, dict[str, str]]:
        name = self.heading.text.strip()
        check_id(name, "question", self.offset + self.heading.first + 1, self.faults)
        attributes, start = self._attributes()
        body = [block for block in self.blocks if block.first >= start]
        draws = ""
        if body and _is_draws(body[0]):
            draws, start = body[0].text.strip("\n"), body[0].end
            place = body.pop(0).first
        at = next((at for at, block in enumerate(body) if has_boxes(block)), None)
        if at is None:
            self.fault(
                self.heading.first, f'The question "{name}" has no options.', "List them as `- [ ] text`."
            )
            return Question(objective.bank, name, objective.id, "", ()), {}
        stem = "\n".join(self.lines[start : body[at].first]).strip("\n")
        if not stem:
            self.fault(
                self.heading.first, f'The question "{name}" has no text.', "Write it above the options."
            )
        options = self._options([block for block in body[at:] if block.kind == "bullet_list_open"])
        fixed = attributes.get("order") == "fixed"
        pinned = self._pinned(attributes.get("pinned", 0), len(options))
        remember = self._remember(body[at:])
        question = Question(
            objective.bank, name, objective.id, stem, options, remember, fixed, pinned, draws=draws
        )
        if draws:
            self._check_draws(question, place)
        line = self.offset + self.heading.first + 2
        return question, read_exceptions(attributes.get(EXCEPT, []), line, self.faults)

    def _check_draws(self, question: Question, first: int) -> None:
        from qbank.core.variants import with_numbers  # few files have any

        for seed in range(SEEDS_READ):
            try:
                with_numbers(question, seed)
            except VariantInvalid as error:
                self.fault(
                    first + error.line, str(error), "See the guide on variants, or leave the block out."
                )
                return

    def _attributes(self) -> tuple[dict[str, Any], int]:
        first = self.heading.end
        while first < len(self.lines) and not self.lines[first]:
            first += 1
        end = first
        while end < len(self.lines) and is_attribute(self.lines[end]):
            end += 1
        if end == first:
            return {}, self.heading.end
        if end < len(self.lines) and self.lines[end]:
            self.fault(
                end,
                "The question's text follows its attributes directly.",
                "Leave a blank line between them.",
            )
        table = read_toml("\n".join(self.lines[first:end]), self.offset + first, self.faults) or {}
        self._check_attributes(table, first)
        return table, end

    def _check_attributes(self, table: dict[str, Any], line: int) -> None:
        for key in table.keys() - _ATTRIBUTES.keys():
            self.fault(line, f'There is no attribute "{key}".', nearest(key, _ATTRIBUTES))
        if table.get("order", "fixed") not in ("fixed", "shuffled"):
            self.fault(
                line,
                "The order of the options cannot be used.",
                'Write order = "fixed" or order = "shuffled".',
            )

    def _pinned(self, value: object, count: int) -> int:
        if type(value) is int and 0 <= value <= count:
            return value
        mend = f"Write how many options stay last, from 0 to {count}, such as pinned = 1."
        self.fault(self.heading.first, "The number of pinned options cannot be used.", mend)
        return 0

    def _options(self, lists: Sequence[Block]) -> tuple[Option, ...]:
        items = [item for block in lists for item in items_of(block)]
        for item in items:
            if item.box is None or item.marker != "-":
                self.fault(
                    item.first, "This is not an option.", "Begin it with `- [ ]` or, for the key, `- [x]`."
                )
            elif not item.text:
                self.fault(item.first, "The option has no text.", "Write it after the box, on the same line.")
        options = tuple(self._option(item) for item in items if item.box)
        self._check_options(options, [item for item in items if item.box])
        return options

    def _option(self, item: Item) -> Option:
        width = self.lines[item.first].index("[")
        explanation = "\n".join(
            _dedent(line, width) for line in self.lines[item.end_of_text : item.end]
        ).strip()
        return Option(option_id(item.text), item.text, item.box == "x", explanation)

    def _check_options(self, options: Sequence[Option], items: Sequence[Item]) -> None:
        low, high = OPTION_LIMITS
        if not low <= len(options) <= high:
            self.fault(
                items[0].first, f"The question has {len(options)} options.", f"Give it {low} to {high}."
            )
        keys = sum(option.correct for option in options)
        if keys != 1:
            mend = "Mark exactly one option with `- [x]`."
            self.fault(items[0].first, f"The question has {keys} keys.", mend)
        seen: set[str] = set()
        for option, item in zip(options, items, strict=True):
            if option.id in seen:
                self.fault(item.first, f'The option "{option.text}" is there twice.', "Change or remove one.")
            seen.add(option.id)

    def _remember(self, blocks: Sequence[Block]) -> str:
        last_list = max(at for at, block in enumerate(blocks) if block.kind == "bullet_list_open")
        quotes = [at for at, block in enumerate(blocks) if block.kind == "blockquote_open"]
        for at, block in enumerate(blocks):
            if block.kind not in ("bullet_list_open", "blockquote_open"):
                mend = "Indent an explanation by two spaces; begin the sentence to remember with `>`."
                self.fault(block.first, "This belongs to no option.", mend)
            elif at in quotes and at < last_list:
                self.fault(
                    block.first, "The sentence to remember stands between options.", "Move it to the end."
                )
        if not quotes:
            return ""
        if len(quotes) > 1:
            self.fault(blocks[quotes[1]].first, "There are two sentences to remember.", "Keep one.")
        quote = blocks[quotes[0]]
        plain = [re.sub(r"^ {0,3}> ?", "", line) for line in self.lines[quote.first : quote.end]]
        paragraphs = re.split(r"\n\s*\n", "\n".join(plain).strip())
        return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _is_draws(block: Block) -> bool:
    return block.kind == "fence" and block.tokens[0].info.strip() == DRAWS


def _dedent(line: str, width: int) -> str:
    indent = len(line) - len(line.lstrip(" "))
    return line[min(indent, width) :]
