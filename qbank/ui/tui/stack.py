"""Which screen a key is for, and which screen ends.

Keys can come in a burst, over a slow line or from a paste: then they wait at the screen that was on top when they came, and
by their turn another one may lie over it, or it may have ended. And Textual's `dismiss` ends whatever is on top.
"""

from typing import TypeVar

from textual import events
from textual.screen import Screen

from qbank.ui.tui.page import show_pictures

T = TypeVar("T")


def passed_on(screen: Screen[T], event: events.Key) -> bool:
    """Give a key to the screen on top, unless that is this one; True when it was given away."""
    top = screen.app.screen
    if top is screen:
        return False
    event.stop()
    event.prevent_default()
    top.post_message(events.Key(event.key, event.character))
    return True


def finish(screen: Screen[T], result: T | None = None) -> None:
    """End this screen and whatever lies over it; once is enough."""
    if screen not in screen.app.screen_stack:
        return
    show_pictures(screen, ())
    while screen.app.screen is not screen:
        screen.app.pop_screen()
    screen.dismiss(result)
