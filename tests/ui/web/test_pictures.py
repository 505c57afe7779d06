"""A question's pictures are seen in the browser, by nobody else, and by no other name than that of their content."""

import importlib.resources
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import PATIENCE_S, Chromium, chromium
from rasters import BMP, GIF, JPG, WEBP, png
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from serving import Site, served
from terminals import PROGRAM, ran, started_home

from qbank.app.payload import to_data
from qbank.app.pictures import keep_pictures
from qbank.app.record import record
from qbank.app.workspace import open_workspace
from qbank.core import block
from qbank.core.event import EventKind
from qbank.core.pictures import kept_path
from qbank.core.question import serve
from qbank.core.response import Mode
from qbank.settings import Settings
from qbank.ui.web.guard import NOTHING, REFUSAL

PNG = png(60, 20)
STRIP = kept_path(PNG)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server whose learner has a picture of each kind, and other things beside them."""
    folder = tmp_path_factory.mktemp("served")
    settings = Settings(folder / "home", "", None, None)
    keep_pictures(settings, {kept_path(one): one for one in (PNG, GIF, JPG, BMP, WEBP)})
    (settings.home / "secret.png").write_bytes(PNG)
    (settings.pictures / "mine.png").write_bytes(PNG)
    with served(folder, settings=settings) as opened:
        yield opened


@pytest.fixture(scope="module")
def cookie(site: Site) -> dict[str, str]:
    return site.signed_in()


@pytest.mark.parametrize(
    ("content", "kind"), [(PNG, "png"), (GIF, "gif"), (JPG, "jpeg"), (BMP, "bmp"), (WEBP, "webp")]
)
def test_a_picture_comes_as_what_it_is(site: Site, cookie: dict[str, str], content: bytes, kind: str) -> None:
    """With its own media type, and nothing that a browser could take for a page."""
    answer = site.ask(f"/{kept_path(content)}", headers=cookie)
    assert (answer.status, answer.header("Content-Type")) == (200, f"image/{kind}")
    assert answer.header("X-Content-Type-Options") == "nosniff"
    assert answer.header("Cache-Control") == "no-store"


def test_a_picture_needs_the_cookie(site: Site) -> None:
    """Whoever only knows its name gets nothing."""
    answer = site.ask(f"/{STRIP}")
    assert (answer.status, answer.body) == (403, REFUSAL)


@pytest.mark.parametrize(
    "path",
    [
        "/pictures/mine.png",
        "/pictures/../secret.png",
        "/pictures/..%2fsecret.png",
        "/pictures/%2e%2e/secret.png",
        "/pictures/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        f"/pictures/x/../{STRIP.removeprefix('pictures/')}/x",
        f"/{STRIP.upper()}",
        f"/{STRIP}%00",
        f"/{STRIP}%0a",
        "/pictures/",
        "/pictures",
        f"/pictures/{'0' * 20}.png",
        f"/pictures/{'0' * 20}.svg",
    ],
)
def test_no_other_name_leads_to_a_file(site: Site, cookie: dict[str, str], path: str) -> None:
    """Nothing outside of the folder, nothing in it that is no picture of a question, and none that is gone."""
    answer = site.ask(path, headers=cookie)
    assert (answer.status, answer.body) == (404, NOTHING)


GIFT = """
::q::[html]<p>Look\\: <img src\\="strip.png" alt\\="A strip <b>, lead II"></p><p>Which rhythm?</p>{
=<img src\\="a.gif" alt\\="Sinus">#Right: <img src\\="b.bmp" alt\\="why">
~Flutter
}
"""


def test_pictures_are_seen_beside_the_question(tmp_path: Path) -> None:
    """They are drawn, larger on a click; those that explain come with the key, and none stays with the next question."""
    home = started_home(tmp_path / "home")
    for name, content in (
        ("strip.png", PNG),
        ("a.gif", png(9, 9)),
        ("b.bmp", png(8, 8)),
        ("q.gift", GIFT.encode()),
    ):
        (tmp_path / name).write_bytes(content)
    ran(home, "bank", "import", str(tmp_path / "q.gift"), "--bank", "course")
    settings = Settings(home, str(home / "qbank.sqlite3"), None, None)
    compose(settings, "course")
    command = (*PROGRAM, "block", "--tui")
    with (
        chromium(tmp_path / "profile") as browser,
        served(tmp_path, command=command, settings=settings) as site,
    ):
        browser.forget()
        browser.open(site.server.link)
        browser.expect("A block is still open")
        browser.type("y")
        browser.expect("Which rhythm?")
        first = seen(browser, 2)
        assert {words.partition(":")[0] for words in first} <= {"Question", "A", "B"}
        assert "Question: A strip <b>, lead II" in first
        columns = width(browser)
        browser.driver.find_elements(By.CSS_SELECTOR, "#pictures button")[0].click()
        large = browser.driver.find_element(By.CSS_SELECTOR, "#pictures .-large img")
        assert large.size["width"] > 60
        browser.driver.find_element(By.CSS_SELECTOR, "#pictures .-large button").click()
        letter = next(words[0] for words in first if words.endswith(": Sinus"))
        browser.type(letter.lower(), Keys.ENTER)
        assert f"{letter}, explained: why" in seen(browser, 3)
        browser.picture(tmp_path / "pictures.png")
        browser.type("s")
        browser.expect("Nothing was missed")
        seen(browser, 0)
        assert width(browser) > columns
        assert browser.hosts() == {site.name}
        assert browser.complaints() == []
        assert json.loads(ran(home, "status", "--json").stdout)["answered"] == 1


def seen(browser: Chromium, count: int) -> list[str]:
    """What stands below each picture, once there are so many and all of them are drawn."""
    deadline_s = time.monotonic() + PATIENCE_S
    while True:
        figures: list[WebElement] = browser.driver.find_elements(By.CSS_SELECTOR, "#pictures figure")
        drawn = "return [...document.querySelectorAll('#pictures img')].map((one) => one.naturalWidth)"
        widths = browser.driver.execute_script(drawn)
        if len(figures) == count and all(widths):
            return [figure.text for figure in figures]
        assert time.monotonic() < deadline_s, (len(figures), widths)
        time.sleep(0.05)


def width(browser: Chromium) -> int:
    """How wide the terminal is, in pixels."""
    return int(browser.driver.find_element(By.ID, "terminal").size["width"])


def compose(settings: Settings, bank: str) -> None:
    """Leave a block open with the questions of this bank, whatever a drill would have chosen."""
    workspace = open_workspace(settings)
    with workspace.store.read() as tx:
        found = [tx.question(bank, one.id) for one in tx.list_questions(bank=bank)]
    items = tuple(serve(question, 1) for question in found if question is not None)
    plan = block.BlockPlan("a-block", Mode.TUTOR, items, None)
    data = {
        "block": plan.id,
        "purpose": "drill",
        "plan": {"block": to_data(plan), "expected": [0.5] * len(items)},
    }
    record(workspace, EventKind.BLOCK_COMPOSED, data)
    workspace.close()


def test_every_rule_of_the_page_stands_once() -> None:
    """A sheet put together by halves repeats what it had, and hides what is shown while the face starts."""
    text = importlib.resources.files("qbank.ui.web.page").joinpath("page.css").read_text(encoding="utf-8")
    rules = [" ".join(rule.split()) for rule in re.findall(r"[^{}]+\{[^{}]*\}", text)]
    assert len(rules) == len(set(rules))
    hidden = [rule for rule in rules if "#starting" in rule and "display: none" in rule]
    assert [rule.partition(" {")[0] for rule in hidden] == [
        "body.-first-byte #starting, body.-closed #starting"
    ]
