"""Keys that come in a burst, as over a slow line or from a paste: each does what it would have done one by one."""

from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from screens import Seen, begun, held, running
from textual import events
from textual.pilot import Pilot
from worlds import World, small_bank

from qbank.app.project import replayed
from qbank.core.question import Question
from qbank.core.response import MissReason, Mode

KEYS = (
    *"abcdxuymtlsfknpqvr?:-=123456789",
    *("enter", "escape", "space", "up", "down", "left", "right", "pagedown", "home", "end", "backspace", "tab"),
)  # fmt: skip
NAMES = {"?": "question_mark", ":": "colon", "-": "minus", "=": "equals_sign"}


def burst(seen: Seen, *keys: str) -> None:
    """The keys, all of them before the first one is heard."""

    async def come() -> None:
        for key in keys:
            character = {"enter": "\r", "space": " "}.get(key, key if len(key) == 1 else None)
            seen.app.post_message(events.Key(NAMES.get(key, key), character))
        for _ in range(3):
            await Pilot(seen.app).pause()

    seen.run(come())


def test_a_note_in_one_burst_is_a_note(world: World, three: list[Question]) -> None:
    """Its letters reach the line that the first key opens, not the question under it."""
    practice = begun(world, three, Mode.TIMED)
    with held(world, running(practice)) as seen:
        burst(seen, "t", *"cab", "space", *"bad", "enter")
        item = practice.state.items[0]
        assert (item.note, item.choice) == ("cab bad", None)
        assert seen.kind == "BlockScreen"


def test_a_key_too_many_ends_nothing_else(world: World, three: list[Question]) -> None:
    """What comes behind the key that ended a dialog is heard by the question."""
    practice = begun(world, three, Mode.TUTOR)
    with held(world, running(practice)) as seen:
        burst(seen, "l", "escape", "escape", "l", "enter", "b", "s", "n", "n")
        assert seen.kind == "BlockScreen"
        assert practice.state.position == 2, (
            "the first n went to question 2, which waits, and the second one on"
        )
        burst(seen, "1", "enter", "enter", "2", "2", "enter")
        assert practice.state.items[0].reason is MissReason.COULD_NOT_RETRIEVE
        assert practice.state.items[0].revealed
        assert practice.state.position == 1
        assert seen.kind == "BlockScreen"


def test_q_twice_leaves_once(world: World, three: list[Question]) -> None:
    """The block is left as by one key, and nothing is refused."""
    practice = begun(world, three, Mode.TUTOR)
    with held(world, running(practice)) as seen:
        burst(seen, "a", "q", "q", "q")
        assert seen.ended
        assert seen.app.return_value is None
    assert practice.state.interrupted


# Shrinking a failure would take minutes: whole programs are begun and ended.
@settings(max_examples=12, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(keys=st.lists(st.sampled_from(KEYS), min_size=30, max_size=60), mode=st.sampled_from(Mode))
def test_no_keys_break_the_screen(
    tmp_path_factory: pytest.TempPathFactory, empty_sqlite: Path, keys: list[str], mode: Mode
) -> None:
    """Whatever is hammered, nothing crashes, the log replays to what was shown, and what is derived from it too."""
    world = World(tmp_path_factory.mktemp("hammered") / "home", template=empty_sqlite)
    world.load_bank()
    world.settle()
    practice = begun(world, small_bank()[:4], mode)
    with held(world, running(practice)) as seen:
        burst(seen, *keys)
        seen.press("ctrl+c")
        assert seen.ended
        assert isinstance(seen.app.return_value, KeyboardInterrupt | None)
    with world.workspace.store.read() as tx:
        assert replayed(practice.plan, tx.block_steps(practice.plan.id)).state == practice.state
    assert world.digest() == world.replayed_digest()
    world.close()
