"""A file read in parts gives what it gives as a whole, and as many faults."""

import io
import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbank.errors import InputInvalid
from qbank.exchange import mcq_stream
from qbank.exchange.mcq import Reading, read_mcq, readings
from qbank.exchange.mcq_rows import LINE_LIMIT
from qbank.exchange.mcq_stream import read_in_parts, reads_in_parts


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


@given(st.lists(st.integers(0, 9), min_size=1, max_size=12), st.integers(1, 5))
def test_parts_of_a_table_are_together_what_the_whole_is(numbers: list[int], size: int) -> None:
    """So that a long one is never held as questions all at once."""
    rows = "".join(f"Which in case {number}?,this {number},that,a\n" for number in numbers)
    content = f"question,a,b,answer\n{rows}".encode()
    parts = list(readings("f.csv", content, bank="b", at_a_time=size))
    whole = read_mcq("f.csv", content, bank="b")
    assert [one for part in parts for one in part.questions] == whole.questions
    assert all(len(part.questions) <= size for part in parts)
    assert [note for part in parts for note in part.notes] == whole.notes
    assert all(0 < part.done < 1 for part in parts[:-1])


@given(st.lists(st.sampled_from(["{=a ~b}", "{=a ~a}", "{}"]), min_size=1, max_size=9), st.integers(1, 4))
def test_parts_of_another_programs_file_are_together_what_the_whole_is(kinds: list[str], size: int) -> None:
    """With what is left out of it, and with how far it has come."""
    content = "\n\n".join(f"::q{n}:: Which in case {n}? {kind}" for n, kind in enumerate(kinds)).encode()
    try:
        whole = read_mcq("f.gift", content, bank="b")
    except InputInvalid:
        with pytest.raises(InputInvalid):
            list(readings("f.gift", content, bank="b", at_a_time=size))
        return
    parts = list(readings("f.gift", content, bank="b", at_a_time=size))
    assert [one for part in parts for one in part.questions] == whole.questions
    assert [one for part in parts for one in part.skipped] == whole.skipped
    assert [note for part in parts for note in part.notes] == whole.notes
    done = [part.done for part in parts]
    assert done == sorted(done)
    assert done[-1] == 1


@given(st.lists(st.sampled_from(["good", "no key", "no json"]), min_size=1, max_size=9))
def test_faults_are_the_same_on_the_same_lines(kinds: list[str]) -> None:
    """What is no JSON refuses the file; of what a program wrote, a question without a key is left out."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mcq_stream, "AT_A_TIME", 2)
        made: dict[str, Callable[[int], bytes]] = {
            "good": lambda number: lines(question(number)),
            "no key": lambda number: lines(question(number, answer="Q")),
            "no json": lambda _number: b"{oops\n",
        }
        content = lines(question(99)) + b"".join(made[kind](n) for n, kind in enumerate(kinds))
        whole = came_to(lambda: [read_mcq("f.jsonl", content, bank="b")])
        assert came_to(lambda: read_in_parts("f.jsonl", io.BytesIO(content), bank="b")) == whole
        cause = "no json" if "no json" in kinds else "no key"
        assert whole == ("no json" in kinds, {at for at, kind in enumerate(kinds, 2) if kind == cause})


def came_to(read: Callable[[], Iterable[Reading]]) -> tuple[bool, set[int]]:
    """Whether a file was refused, and the lines of its faults, or of what was left out."""
    try:
        return False, {one.line for part in read() for one in part.skipped}
    except InputInvalid as error:
        return True, {fault.line for fault in error.faults}


def test_an_id_used_twice_in_distant_parts_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the line that it was used on first."""
    monkeypatch.setattr(mcq_stream, "AT_A_TIME", 1)
    content = lines(question(1, id="x"), question(2), question(3, id="x"))
    parts = list(read_in_parts("f.jsonl", io.BytesIO(content), bank="b"))
    (skipped,) = parts[-1].skipped
    assert skipped.line == 3
    assert "was used on line 1" in skipped.reason
    assert sum(len(part.questions) for part in parts) == 2


def test_only_lines_of_objects_are_read_in_parts() -> None:
    """Not a table, nor a list."""

    def in_parts_read(content: bytes, shape: str | None = None) -> bool:
        return reads_in_parts(io.BytesIO(content), shape)

    medmcqa = {"question": "Which?", "opa": "a", "opb": "b", "opc": "c", "opd": "d", "cop": 1}
    assert in_parts_read(lines(question(1), question(2)))
    assert in_parts_read(lines(question(1), question(2)), "table")
    assert in_parts_read(lines(medmcqa, medmcqa))
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
    with pytest.raises(
        InputInvalid, match=rf"f.jsonl:2: The line is longer than {LINE_LIMIT // 1024**2} MiB"
    ):
        list(read_in_parts("f.jsonl", file, bank="b"))
    assert file.tell() < 2 * LINE_LIMIT


def test_progress_is_told_in_bytes() -> None:
    """All of them."""
    content, told = lines(*map(question, range(50))), list[int]()
    in_parts(content, on_progress=told.append)
    assert sum(told) == len(content)
