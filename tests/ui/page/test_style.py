"""Both colour schemes can be read: contrast as WCAG 2.2 asks of level AA."""

import importlib.resources
import re

import pytest

STYLE = importlib.resources.files("qbank.ui.page").joinpath("style.css").read_text(encoding="utf-8")
TEXT, GRAPHIC = 4.5, 3.0
"""Least contrast of text and of what has to be seen in a chart (WCAG 2.2, 1.4.3 and 1.4.11)."""


def colours(scheme: str) -> dict[str, str]:
    block = STYLE.partition("prefers-color-scheme: dark")[2] if scheme == "dark" else STYLE
    return dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", block.partition("}")[0]))


def luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour (WCAG 2.2, definitions)."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_is_enough(scheme: str) -> None:
    """Text and quiet text on the ground; dots, bars and rings on it."""
    found = colours(scheme)
    assert set(found) == {"ground", "ink", "quiet", "edge", "mark", "range"}
    for name in ("ink", "quiet"):
        assert contrast(found[name], found["ground"]) >= TEXT, name
    for name in ("mark", "range"):
        assert contrast(found[name], found["ground"]) >= GRAPHIC, name


def test_black_on_white_is_the_most_there_is() -> None:
    """The measure itself: 21 to 1."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
