"""The colours can be read, and are told apart by colour-blind eyes too."""

import math
from itertools import combinations

import pytest
from rich.color import Color
from textual.theme import Theme

from qbank.ui.tui.ink import Ink
from qbank.ui.tui.palette import DARK, LIGHT, TERMINAL, inks

Triple = tuple[float, float, float]

READABLE = 4.5
"""Web Content Accessibility Guidelines 2.2, success criterion 1.4.3: contrast of text to what is behind it."""

APART = 20.0
"""Distance in CIELAB (1976): some nine times the 2.3 that is just noticed side by side. [judged]"""

# Machado, Oliveira & Fernandes 2009, A physiologically-based model for simulation of color vision deficiency, severity 1.0.
PROTAN = ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998))
DEUTAN = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881))
TRITAN = ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900))
TYPICAL = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))

# IEC 61966-2-1 (sRGB): linear light to CIE XYZ, and the white that both refer to.
TO_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
WHITE = (0.9505, 1.0, 1.089)


def linear(colour: str | Color) -> Triple:
    """A colour as linear light, 0 to 1 (sRGB's own transfer function)."""
    parsed = Color.parse(colour) if isinstance(colour, str) else colour
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in parsed.get_truecolor())
    )
    return red, green, blue


def applied(matrix: tuple[Triple, Triple, Triple], colour: Triple) -> Triple:
    """A matrix times a colour."""
    red, green, blue = (sum(m * c for m, c in zip(row, colour, strict=True)) for row in matrix)
    return red, green, blue


def contrast(one: Triple, other: Triple) -> float:
    """The contrast ratio of WCAG 2.2, 1 to 21."""
    dark, light = sorted(applied(TO_XYZ, colour)[1] for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def lab(colour: Triple) -> Triple:
    """CIELAB of linear light; what a simulation puts outside the screen's range is clipped to it."""
    seen = applied(TO_XYZ, (_clipped(colour[0]), _clipped(colour[1]), _clipped(colour[2])))
    x, y, z = (
        share ** (1 / 3) if share > (6 / 29) ** 3 else share / (3 * (6 / 29) ** 2) + 4 / 29
        for share in (value / white for value, white in zip(seen, WHITE, strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _clipped(value: float) -> float:
    return min(1.0, max(0.0, value))


def test_the_measures_give_what_their_sources_say() -> None:
    """Black on white is 21 to 1 and 100 apart; grey is grey to every eye."""
    black, white, grey = map(linear, ("#000000", "#ffffff", "#808080"))
    assert contrast(black, white) == pytest.approx(21)
    assert math.dist(lab(black), lab(white)) == pytest.approx(100, abs=0.1)
    for eye in (PROTAN, DEUTAN, TRITAN):
        assert applied(eye, grey) == pytest.approx(grey, abs=1e-5)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("ink", list(Ink))
def test_every_ink_can_be_read(theme: Theme, ink: Ink) -> None:
    """On the page and in a dialog, or on the ground that the ink brings along."""
    look = inks(theme.name)[ink]
    text = linear(look.color or theme.foreground or "")
    grounds = [look.bgcolor] if look.bgcolor else [theme.background or "", theme.surface or ""]
    for ground in grounds:
        assert contrast(text, linear(ground)) >= READABLE


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize(
    "eye", [TYPICAL, PROTAN, DEUTAN, TRITAN], ids=["typical", "protan", "deutan", "tritan"]
)
def test_what_was_right_missed_chosen_and_plain_look_different(
    theme: Theme, eye: tuple[Triple, Triple, Triple]
) -> None:
    """Four colours stand for something, and struck out or not; no eye takes one for another."""
    looks = inks(theme.name)
    plain = theme.foreground or ""
    colours = [looks[ink].color or plain for ink in (Ink.TEXT, Ink.CHOSEN, Ink.RIGHT, Ink.MISSED)]
    pairs = [*combinations(colours, 2), (plain, looks[Ink.STRUCK].color or plain)]
    for one, other in pairs:
        seen = [lab(applied(eye, linear(colour))) for colour in (one, other)]
        assert math.dist(*seen) >= APART, (one, other)


def test_the_terminals_own_colours_are_left_to_it() -> None:
    """Nobody knows what they look like, so only a highlight names two of them, which are ground and text."""
    for ink, look in inks(TERMINAL.name).items():
        if ink not in (Ink.HIGHLIGHT, Ink.POINTED_LIT):
            assert look.color is None or look.color.is_default
            assert look.bgcolor is None or look.bgcolor.is_default
