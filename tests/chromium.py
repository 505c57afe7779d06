"""A headless Chromium that keeps account of what it asked for and of what was drawn in its terminal."""

import base64
import contextlib
import json
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.by import By

PATIENCE_S = 20.0

# Root needs no-sandbox; the rest keeps the browser from talking to anybody of its own accord.
_SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1000,760",
)
_CONTROL = re.compile(r"\x1b(\[[0-9;?<>=$]*[a-zA-Z]|\][^\x07]*\x07)")


class Chromium:
    """One browser window after another."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver
        self.text = ""
        self._asked: list[str] = []

    def forget(self) -> None:
        """Leave the page, and the account of what was asked for and drawn so far."""
        self.driver.get("about:blank")
        self._listen()
        self._asked.clear()
        self.complaints()
        self.text = ""

    def open(self, address: str) -> None:
        self.text = ""
        self.driver.get(address)

    def type(self, *keys: str) -> None:
        ActionChains(self.driver).send_keys(*keys).perform()

    def click_at(self, right_pixels: int, down_pixels: int) -> None:
        """Click at a place counted from the upper left corner of the page."""
        actions = ActionBuilder(self.driver)
        actions.pointer_action.move_to_location(right_pixels, down_pixels).pause(0.3).click()  # type: ignore[no-untyped-call]
        actions.perform()

    def picture(self, path: Path) -> None:
        """Save what the window looks like."""
        assert self.driver.save_screenshot(str(path))

    def press(self, button: str) -> None:
        self.driver.find_element(By.ID, button).click()

    def expect(self, words: str) -> None:
        """Wait until these words are drawn in the terminal, behind whatever was waited for before."""
        deadline_s = time.monotonic() + PATIENCE_S
        while words not in self.text:
            self._listen()
            assert time.monotonic() < deadline_s, (
                f"{words!r} was not drawn in: {' '.join(self.text.split())[-800:]}"
            )
            time.sleep(0.05)
        self.text = self.text.partition(words)[2]

    def expect_notice(self, words: str) -> None:
        """Wait until the page, not the terminal, says these words."""
        deadline_s = time.monotonic() + PATIENCE_S
        while words not in (said := self.driver.find_element(By.ID, "notice").text):
            assert time.monotonic() < deadline_s, f"{words!r} is not in the notice: {said!r}"
            time.sleep(0.05)

    def hosts(self) -> set[str]:
        """Every host that was asked for anything so far, by the page or by a socket."""
        self._listen()
        asked = (urlsplit(address) for address in self._asked)
        return {parts.netloc for parts in asked if parts.scheme in ("http", "https", "ws", "wss")}

    def complaints(self) -> list[str]:
        """What the page's console has of errors, broken policies among them."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]  # type: ignore[no-untyped-call]

    def _listen(self) -> None:
        for entry in self.driver.get_log("performance"):  # type: ignore[no-untyped-call]
            message = json.loads(entry["message"])["message"]
            match message["method"], message["params"]:
                case "Network.requestWillBeSent", {"request": {"url": address}}:
                    self._asked.append(address)
                case "Network.webSocketCreated", {"url": address}:
                    self._asked.append(address)
                case "Network.webSocketFrameReceived", {"response": {"opcode": 2, "payloadData": drawn}}:
                    self.text += _CONTROL.sub("", base64.b64decode(drawn).decode(errors="replace"))


@contextlib.contextmanager
def chromium(profile: Path) -> Iterator[Chromium]:
    """A browser with a fresh profile; skips, with the reason, where there is none."""
    programs = {name: shutil.which(name) for name in ("chromium", "chromedriver")}
    missing = [name for name, path in programs.items() if path is None]
    if missing:
        pytest.skip(f"nothing was tried in a browser: {' and '.join(missing)} not found on PATH")
    options = webdriver.ChromeOptions()
    options.binary_location = str(programs["chromium"])
    for switch in (*_SWITCHES, f"--user-data-dir={profile}"):
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    driver = webdriver.Chrome(options, Service(programs["chromedriver"]))
    try:
        yield Chromium(driver)
    finally:
        driver.quit()
