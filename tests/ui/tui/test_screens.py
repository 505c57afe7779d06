"""Six screens as they look, line by line: what moves on one of them is seen in a diff."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from screens import Seen, begun, held, running
from worlds import World, small_question

from qbank.core.question import Option, Question, option_id
from qbank.core.response import Mode

SCREENS = Path(__file__).with_name("screens")
WRITE = "QBANK_WRITE_SCREENS"

STEM = """A 58-year-old man comes to the clinic because his ankles have swollen over the last two weeks. He has \
hypertension, and his physician started a new medication a month ago. He has no dyspnea. His blood pressure is \
134/82 mm Hg and his pulse is 76/min. Jugular venous pressure is normal, the lungs are clear, and there is \
pitting edema of both ankles.

| Serum | Value |
|---|---|
| Sodium | 139 mEq/L |
| Creatinine | 0.9 mg/dL |

Which of the following best explains the swelling?"""
TEXTS = {
    "Dilation of arterioles more than of veins": "Pressure in the capillaries rises, and fluid leaves them.",
    "Loss of albumin in the urine": "Nothing points to it; swelling would show around the eyes too.",
    "Retention of sodium by aldosterone": "It would raise the blood pressure and lower potassium.",
    "Failure of the right ventricle": "Jugular venous pressure is normal.",
    "Blocked lymph vessels": "That swelling does not pit for long, and is often on one side.",
}


def vignette() -> Question:
    options = tuple(
        Option(option_id(text), text, number == 0, why) for number, (text, why) in enumerate(TEXTS.items())
    )
    remember = "Dihydropyridines dilate arterioles, and ankles swell."
    question = small_question("zeta-9", "zeta", stem=STEM)
    return replace(question, options=options, fixed_order=True, remember=remember)


def timed(seen: Seen) -> None:
    """A question as it comes up."""


def worked_on(seen: Seen) -> None:
    """Highlighted, struck out, answered without being sure, marked."""
    seen.press("y", "down", "space", "escape", "minus", "b", "a", "u", "m", "right", "left")


def revealed(seen: Seen) -> None:
    """A miss with its reason named."""
    seen.press("c", "enter", "3")


def submitting(seen: Seen) -> None:
    """What waits and what is marked."""
    seen.press("a", "right", "m", "s")


def looking_back(seen: Seen) -> None:
    """Right after a block."""
    seen.press("a", "right", "b", "right", "s", "y")


SHOWN: dict[str, tuple[Mode, tuple[int, int], Callable[[Seen], None]]] = {
    "timed": (Mode.TIMED, (80, 24), timed),
    "worked-on": (Mode.TIMED, (80, 24), worked_on),
    "revealed": (Mode.TUTOR, (80, 24), revealed),
    "submitting": (Mode.TIMED, (80, 24), submitting),
    "looking-back": (Mode.TIMED, (80, 24), looking_back),
    "wide": (Mode.TIMED, (120, 40), worked_on),
}


@pytest.mark.parametrize("name", SHOWN)
def test_a_screen_looks_as_it_did(world: World, three: list[Question], name: str) -> None:
    """The whole terminal, as text, is as it is kept beside this test."""
    mode, size, doing = SHOWN[name]
    practice = begun(world, [vignette(), *three[:2]], mode)
    with held(world, running(practice), size=size) as seen:
        doing(seen)
        drawn = seen.terminal
    kept = SCREENS / f"{name}.txt"
    if WRITE in os.environ:
        kept.write_text(drawn, encoding="utf-8")
    assert drawn == kept.read_text(encoding="utf-8"), (
        f"The screen {name} looks different. When that is meant, read it, and write the screens anew with:\n"
        f"{WRITE}=1 pytest -n 0 {Path(__file__).relative_to(Path.cwd())}"
    )
