"""A file of JSON lines read in parts gives what it gives as a whole, and as many faults."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbank.errors import Fault, InputInvalid
from qbank.exchange import mcq_stream
from qbank.exchange.mcq import read_mcq
from qbank.exchange.mcq_stream import LINE_LIMIT, read_in_parts, reads_in_parts


def lines(*values: object) -> bytes:
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


def question(number: int, **fields: object) -> dict[str, Any]:
    options = {"A": f"this {number}", "B": f"that {number}"}
    return {"question": f"Which in case {number}?", "options": options, "answer": "A"} | fields


def in_parts(
    content: bytes, on_progress: Callable[[int], None] | None = None
) -> tuple[list[Any], list[Any], list[str]]:
    parts = list(read_in_parts("f.jsonl", io.BytesIO(content), bank="b", on_progress=on_progress))
    return (
        [one for part in parts for one in part.objectives],
        [one for part in parts for one in part.questions],
        [note for part in parts for note in part.notes],
    )


@given(st.lists(st.integers(0, 9), min_size=1, max_size=12), st.integers(1, 5), st.booleans())
def test_parts_are_together_what_the_whole_is(numbers: list[int], size: int, named: bool) -> None:
    """Repeated questions among them; however many lines a part has."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mcq_stream, "AT_A_TIME", size)
        extra = {"objective": "One thing"} if named else {}
        content = b"\xef\xbb\xbf" + lines(*(question(number, **extra) for number in numbers)) + b"\n"
        whole = read_mcq("f.jsonl", content, bank="b")
        objectives, questions, notes = in_parts(content)
        assert questions == whole.questions
        assert notes == whole.notes
        assert {one.id: one for one in objectives} == {one.id: one for one in whole.objectives}


@given(st.lists(st.sampled_from(["good", "no key", "no json"]), min_size=1, max_size=9))
def test_faults_are_the_same_on_the_same_lines(kinds: list[str]) -> None:
    """At least; as a whole, a file with lines that are no JSON is not looked at further."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mcq_stream, "AT_A_TIME", 2)
        made: dict[str, Callable[[int], bytes]] = {
            "good": lambda number: lines(question(number)),
            "no key": lambda number: lines(question(number, answer="Q")),
            "no json": lambda _number: b"{oops\n",
        }
        content = lines(question(99)) + b"".join(made[kind](n) for n, kind in enumerate(kinds))
        assert faults_of(lambda: read_mcq("f.jsonl", content, bank="b")) <= faults_of(
            lambda: in_parts(content)
        )
        bad = {number for number, kind in enumerate(kinds, 2) if kind != "good"}
        assert {fault.line for fault in faults_of(lambda: in_parts(content))} == bad


def faults_of(read: Callable[[], object]) -> set[Fault]:
    """What is wrong with a file."""
    try:
        read()
    except InputInvalid as error:
        return set(error.faults)
    return set()


def test_ids_used_twice_in_distant_parts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """With both lines."""
    monkeypatch.setattr(mcq_stream, "AT_A_TIME", 1)
    with pytest.raises(InputInvalid, match=r'f.jsonl:3: The id "x" was used on line 1'):
        in_parts(lines(question(1, id="x"), question(2), question(3, id="x")))


def test_only_lines_of_objects_are_read_in_parts() -> None:
    """Not a table, a list, or what must be seen whole to know what its keys count from."""

    def in_parts_read(content: bytes, shape: str | None = None) -> bool:
        return reads_in_parts(io.BytesIO(content), shape)

    medmcqa = {"question": "Which?", "opa": "a", "opb": "b", "opc": "c", "opd": "d", "cop": 1}
    assert in_parts_read(lines(question(1), question(2)))
    assert in_parts_read(lines(question(1), question(2)), "table")
    assert not in_parts_read(lines(medmcqa, medmcqa))
    assert in_parts_read(lines(medmcqa, medmcqa), "medmcqa-from-0")
    assert not in_parts_read(lines(question(1)), "gift")
    assert not in_parts_read(json.dumps([question(1)], indent=1).encode())
    assert not in_parts_read(b"question,a,b,answer\nx,y,z,A\n")
    assert not in_parts_read(b"")


def test_text_that_is_not_utf_8_is_refused_with_its_line() -> None:
    """The rest is not read."""
    with pytest.raises(InputInvalid, match=r"f.jsonl:2: The text is not UTF-8"):
        in_parts(lines(question(1)) + b'{"question": "\xff"}\n')


def test_a_line_without_end_is_refused_before_it_is_read_whole() -> None:
    """No more than the limit of it."""
    file = io.BytesIO(lines(question(1)) + b'{"question": "' + b"x" * (LINE_LIMIT * 3))
    with pytest.raises(InputInvalid, match=r"f.jsonl:2: The line is longer than 4 MiB"):
        list(read_in_parts("f.jsonl", file, bank="b"))
    assert file.tell() < 2 * LINE_LIMIT


def test_progress_is_told_in_bytes() -> None:
    """All of them."""
    content, told = lines(*map(question, range(50))), list[int]()
    in_parts(content, on_progress=told.append)
    assert sum(told) == len(content)
