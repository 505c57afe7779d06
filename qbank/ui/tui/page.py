"""The page around the full screen in a browser, told which pictures to show."""

from typing import TypeVar

import msgspec
from textual.screen import Screen

from qbank.ui.beside import Beside, Pictures

T = TypeVar("T")


def show_pictures(screen: Screen[T], pictures: tuple[Beside, ...]) -> None:
    """Have the page show these pictures and no others; nothing happens in a terminal."""
    if not screen.app.is_web:
        return
    from textual.drivers.web_driver import WebDriver  # a terminal has another one

    driver = screen.app._driver
    if isinstance(driver, WebDriver):
        driver.write_meta(msgspec.to_builtins(Pictures(pictures)))
