"""The colours: a dark and a light palette, and one of the terminal's own for those with few."""

from collections.abc import Mapping
from functools import lru_cache

from rich.color import Color
from rich.style import Style
from textual.theme import Theme

from qbank.ui.tui.ink import Ink

# Blue, green and orange differ in lightness too, so that no colour-blind eye takes one for another or for plain text.
DARK = Theme(
    "qbank-dark",
    primary="#66a3ff",
    success="#5fe39a",
    warning="#f0a830",
    error="#ff8552",
    foreground="#e4e4e4",
    background="#121416",
    surface="#1d2023",
    panel="#2c3136",
    dark=True,
    variables={"soft": "#9aa2a9", "highlight": "#5c4a00", "on-highlight": "#fff3c4"},
)
LIGHT = Theme(
    "qbank-light",
    primary="#003399",
    success="#00694d",
    warning="#8f4a00",
    error="#a83200",
    foreground="#1a1a1a",
    background="#fbfaf7",
    surface="#ffffff",
    panel="#e3e1da",
    dark=False,
    variables={"soft": "#5f6368", "highlight": "#ffe680", "on-highlight": "#1a1a1a"},
)
TERMINAL = Theme(
    "qbank-terminal",
    primary="ansi_blue",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    ansi=True,
    variables={
        "ansi-background": "ansi_default",
        "ansi-foreground": "ansi_default",
        "soft": "ansi_default",
        "highlight": "ansi_yellow",
        "on-highlight": "ansi_black",
    },
)
THEMES = {theme.name: theme for theme in (DARK, LIGHT, TERMINAL)}


@lru_cache(maxsize=len(THEMES))
def inks(theme: str) -> Mapping[Ink, Style]:
    """What each kind of text looks like under a theme, to be laid over a page's own colours."""
    chosen = THEMES[theme]
    soft, highlight = _colour(chosen.variables["soft"]), _colour(chosen.variables["highlight"])
    on_highlight = _colour(chosen.variables["on-highlight"])
    names = ("default",) * 3 if chosen.ansi else (chosen.primary, chosen.success, chosen.warning)
    primary, success, warning = map(_colour, names)
    bar = Style(reverse=True) if chosen.ansi else Style(bgcolor=_colour(chosen.panel))
    return {
        Ink.TEXT: Style(),
        Ink.SOFT: Style(color=soft),
        Ink.STRONG: Style(bold=True),
        Ink.CHOSEN: Style(color=primary, bold=True),
        Ink.STRUCK: Style(color=soft, strike=True),
        Ink.HIGHLIGHT: Style(color=on_highlight, bgcolor=highlight, underline=True),
        Ink.POINTED: Style(reverse=True),
        Ink.POINTED_LIT: Style(color=on_highlight, bgcolor=highlight, underline=True, reverse=True),
        Ink.RIGHT: Style(color=success),
        Ink.MISSED: Style(color=warning),
        Ink.WARNING: Style(color=warning, bold=True),
        Ink.BAR: bar,
        Ink.URGENT: bar + Style(color=None if chosen.ansi else warning, bold=True),
    }


def _colour(name: str | None) -> Color:
    return Color.parse((name or "default").removeprefix("ansi_"))
