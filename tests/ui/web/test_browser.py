"""The page in a real browser: the face is drawn and heeds keys, and nothing goes anywhere else."""

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import Chromium, chromium
from selenium.webdriver.common.keys import Keys
from serving import Site, served
from terminals import PROGRAM, ran, started_home

from qbank.settings import Settings

SECOND_ROW_PIXELS = 32


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with chromium(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture
def browser(running: Chromium) -> Chromium:
    """One browser for all tests, for it starts slowly; what it asked for before, at its own start too, is forgotten."""
    running.forget()
    return running


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with served(tmp_path) as opened:
        yield opened


def test_the_link_leads_to_a_page_without_it(browser: Chromium, site: Site) -> None:
    """The face is drawn, keys reach it at once, the token is gone from the address, and only we were asked."""
    token = site.token
    browser.open(site.server.link)
    browser.expect("Size ")
    browser.type("b")
    browser.expect("Pressed b.")
    assert browser.driver.current_url == f"{site.origin}/"
    assert token not in browser.driver.page_source
    assert browser.driver.execute_script("return document.cookie") == ""
    assert browser.hosts() == {site.name}
    assert browser.complaints() == []


def test_what_looks_like_an_address_opens_nothing(browser: Chromium, site: Site) -> None:
    """Neither a click on it in the terminal nor the program behind, with its own wish to open one or to hand out a file."""
    browser.open(site.server.link)
    browser.expect("evil.example")
    browser.click_at(120, SECOND_ROW_PIXELS)
    browser.type("od")
    browser.expect("Pressed d.")
    browser.expect("Tick")
    assert len(browser.driver.window_handles) == 1
    assert browser.hosts() == {site.name}


def test_two_windows_can_hand_the_face_to_each_other(browser: Chromium, site: Site) -> None:
    """The second is told, takes over when asked to, and the first is told in turn."""
    browser.open(site.server.link)
    browser.expect("Size ")
    first = browser.driver.current_window_handle
    browser.driver.switch_to.new_window("tab")
    try:
        browser.open(site.origin)
        browser.expect_notice("Another window is using qbank.")
        browser.press("take-over")
        browser.expect("Size ")
        second = browser.driver.current_window_handle
        browser.driver.switch_to.window(first)
        browser.expect_notice("Another window has taken over")
        browser.driver.switch_to.window(second)
    finally:
        browser.driver.close()
        browser.driver.switch_to.window(first)


def test_a_session_that_ended_can_be_started_again(browser: Chromium, site: Site) -> None:
    """The page says so, and its button is all it takes."""
    browser.open(site.server.link)
    browser.expect("Size ")
    browser.type("q")
    browser.expect_notice("This session has ended, and everything you answered is saved.")
    browser.press("again")
    browser.expect("Size ")


def test_a_server_that_ended_is_told(browser: Chromium, tmp_path: Path) -> None:
    """The page says what to do now."""
    with served(tmp_path) as site:
        browser.open(site.server.link)
        browser.expect("Size ")
    browser.expect_notice("The connection is gone. Everything you answered is saved.")


def test_a_whole_block_in_a_browser(browser: Chromium, tmp_path: Path) -> None:
    """Three questions answered to the end, with a window that was loaded again in between; all of them are on record."""
    home = started_home(tmp_path / "home")
    settings = Settings(home, str(home / "qbank.sqlite3"), None, None)
    command = (*PROGRAM, "block", "--tui", "--size", "3")
    with served(tmp_path, command=command, settings=settings) as site:
        browser.open(site.server.link)
        browser.expect("1 of 3")
        browser.type("a", Keys.ENTER)
        browser.expect("2 of 3")
        browser.picture(tmp_path / "block.png")
        browser.open(site.origin)
        browser.expect("A block is still open")
        browser.type("y")
        browser.expect("2 of 3")
        browser.type("b", Keys.ENTER)
        browser.expect("3 of 3")
        browser.type("c", Keys.ENTER)
        browser.type("s")
        browser.expect("Submit the block?")
        browser.type("y")
        browser.expect("Due again")
        browser.type("q")
        browser.expect("of 3; about")
        browser.type("q")
        browser.expect_notice("This session has ended")
        assert json.loads(ran(home, "status", "--json").stdout)["answered"] == 3
        assert letters_on_record(home / "qbank.sqlite3") == "ABC"
        assert browser.hosts() == {site.name}
    assert browser.complaints() == []


def letters_on_record(store: Path) -> str:
    """The letters that were chosen, in the order of the block."""
    with contextlib.closing(sqlite3.connect(store)) as opened:
        rows = opened.execute("SELECT choice, detail FROM response ORDER BY position").fetchall()
    return "".join("ABCDE"[json.loads(detail)["option_order"].index(choice)] for choice, detail in rows)
