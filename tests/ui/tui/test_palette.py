"""The colours: which are chosen, and that they can be read, also by colour-blind eyes."""

import itertools
import math
from collections.abc import Sequence

import pytest
from rich.color import Color
from screens import acts, begun, held, running
from worlds import World

from qbank.app.preferences import COLOURS
from qbank.core.question import Question
from qbank.core.response import Mode
from qbank.ui.conversation import Confirm
from qbank.ui.tui.ink import Ink
from qbank.ui.tui.palette import LIGHT, TERMINAL, THEMES, inks

Rgb = tuple[float, float, float]

READABLE = 4.5
"""Contrast of text with its background. Source: WCAG 2.2, success criterion 1.4.3 (AA)."""

APART = 20.0
"""CIE76 colour difference of signs that must not be taken for each other. [judged: ten times what is just noticeable]"""

# Source: Machado, Oliveira and Fernandes 2009, IEEE TVCG 15(6), severity 1.0; for linear RGB.
EYES = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
}
# Source: IEC 61966-2-1, sRGB to XYZ under D65.
XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
WHITE = (0.9505, 1.0, 1.089)


def linear(colour: str | Color) -> Rgb:
    named = Color.parse(colour) if isinstance(colour, str) else colour
    assert named.triplet is not None
    parts = [part / 255 for part in named.triplet]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else math.pow((part + 0.055) / 1.055, 2.4) for part in parts
    )
    return red, green, blue


def through(matrix: Sequence[Sequence[float]], colour: Sequence[float]) -> Rgb:
    red, green, blue = (sum(a * b for a, b in zip(row, colour, strict=True)) for row in matrix)
    return red, green, blue


def contrast(one: str | Color, other: str | Color) -> float:
    """The contrast ratio by WCAG 2.2."""
    lighter, darker = sorted((through(XYZ, linear(each))[1] for each in (one, other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def lab(colour: Rgb) -> Rgb:
    """CIE L*a*b* of a linear colour, cut to what a screen can show."""
    seen = through(XYZ, [min(1.0, max(0.0, part)) for part in colour])
    x, y, z = (
        math.cbrt(part) if part > 216 / 24389 else (24389 / 27 * part + 16) / 116
        for part in (each / white for each, white in zip(seen, WHITE, strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("name", ["qbank-dark", "qbank-light"])
@pytest.mark.parametrize("ink", Ink)
def test_every_kind_of_text_can_be_read(name: str, ink: Ink) -> None:
    """Against the background on which it is drawn, in the dark and in the light palette."""
    style, theme = inks(name)[ink], THEMES[name]
    assert theme.foreground is not None
    assert theme.background is not None
    colours = (style.color or theme.foreground, style.bgcolor or theme.background)
    assert contrast(*colours) >= READABLE


@pytest.mark.parametrize("name", ["qbank-dark", "qbank-light"])
@pytest.mark.parametrize("eye", ["", *EYES])
def test_signs_stay_apart_to_every_eye(name: str, eye: str) -> None:
    """Chosen, right and missed differ in colour to colour-blind readers too; each has a sign in words besides."""
    looks = inks(name)
    seen = []
    for ink in (Ink.CHOSEN, Ink.RIGHT, Ink.MISSED):
        colour = looks[ink].color
        assert colour is not None
        seen.append(lab(through(EYES[eye], linear(colour)) if eye else linear(colour)))
    distances = [math.dist(one, other) for one, other in itertools.combinations(seen, 2)]
    assert min(distances) >= APART, [round(distance, 1) for distance in distances]


def test_no_ink_of_the_terminal_palette_names_a_colour_of_ours() -> None:
    """Where the background is unknown only the terminal's own colours are used."""
    for style in inks(TERMINAL.name).values():
        for colour in (style.color, style.bgcolor):
            assert colour is None or colour.triplet is None


@pytest.mark.parametrize("name", THEMES)
def test_every_palette_draws_a_block(world: World, three: list[Question], name: str) -> None:
    """A screen comes up under it, with highlight, strike and choice, and with a dialog."""
    practice = begun(world, three, Mode.TUTOR)
    with held(world, running(practice), theme=THEMES[name]) as seen:
        seen.app.theme = name
        seen.press("y", "space", "escape", "minus", "c", "b", "enter")
        assert seen.kind == "ReasonDialog"
        seen.press("1")
        assert "the answer is A." in seen.text
        assert seen.app.theme == name


CHOSEN = [
    ({"COLORTERM": "truecolor"}, "qbank-dark"),
    ({"COLORTERM": "truecolor", "COLORFGBG": "0;15"}, "qbank-light"),
    ({"COLORTERM": "truecolor", "COLORFGBG": "0;default;7"}, "qbank-light"),
    ({"COLORTERM": "truecolor", "COLORFGBG": "15;0"}, "qbank-dark"),
    ({"COLORTERM": "truecolor", "COLORFGBG": "nonsense"}, "qbank-dark"),
    ({"COLORTERM": "truecolor", "NO_COLOR": "1"}, "qbank-terminal"),
    ({"TERM": "xterm-16color"}, "qbank-terminal"),
]


@pytest.mark.parametrize(("environment", "chosen"), CHOSEN)
def test_the_terminal_tells_which_colours_it_has(
    world: World, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], chosen: str
) -> None:
    """NO_COLOR and few colours leave it to the terminal; a light background gets the light palette."""
    for name in ("NO_COLOR", "COLORFGBG", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"TERM": "xterm-256color", **environment}.items():
        monkeypatch.setenv(name, value)
    with held(world, acts(Confirm("Go on?", default=True))) as seen:
        assert seen.app.theme == chosen


def test_chosen_colours_win_over_the_terminal(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever set light gets it on a dark terminal; NO_COLOR still means none."""
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORFGBG", "15;0")
    monkeypatch.delenv("NO_COLOR", raising=False)
    with held(world, acts(Confirm("Go on?", default=True)), theme=LIGHT) as seen:
        assert seen.app.theme == "qbank-light"
    monkeypatch.setenv("NO_COLOR", "1")
    with held(world, acts(Confirm("Go on?", default=True)), theme=LIGHT) as seen:
        assert seen.app.theme == "qbank-terminal"


def test_ctrl_t_goes_through_the_palettes(world: World) -> None:
    """Three times comes back to the first, from over a dialog too."""
    with held(world, acts(Confirm("Go on?", default=True))) as seen:
        first = seen.app.theme
        names = []
        for _ in THEMES:
            seen.press("ctrl+t")
            names.append(seen.app.theme)
        assert set(names) == set(THEMES)
        assert names[-1] == first
        assert seen.kind == "ConfirmDialog"


@pytest.mark.parametrize("colours", [name for name in COLOURS if name != "auto"])
def test_each_name_that_can_be_set_is_a_palette(colours: str) -> None:
    """`qbank set colours light` finds what it names."""
    assert f"qbank-{colours}" in THEMES
