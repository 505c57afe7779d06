"""The page in a real browser: drawn in both schemes at each width, silent, and nothing sticks out."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import Chromium, chromium
from insights import FOUND, READY
from stories import story

from qbank.ui.page.insight_sections import causes_section, ready_section
from qbank.ui.page.page import Next, Section, progress_page

AXE = os.environ.get("AXE_JS", "")
AXE_RUN = """
const done = arguments[arguments.length - 1];
axe.run().then(found => done(found.violations.map(one => [one.id, one.nodes.map(node => node.html)])));
"""
STICKING_OUT = """
return [...document.querySelectorAll("svg text")].filter(text => {
  const box = text.getBoundingClientRect();
  return box.left < 0 || box.right > document.documentElement.clientWidth;
}).map(text => text.textContent)
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with chromium(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


def written(folder: Path) -> Path:
    """A page with everything on it, in a file."""
    note = Section("In your words", ("<script>document.title = 'taken'</script>",))
    ready, causes = ready_section(READY), causes_section(FOUND)
    assert ready is not None
    assert causes is not None
    path = folder / "progress.html"
    page = progress_page(
        story(365, 40),
        "USMLE Step 1",
        booked=True,
        next_step=Next("qbank block", "It is worth most now."),
        sections=(note, ready, causes),
    )
    path.write_text(page, encoding="utf-8")
    return path


@pytest.mark.skipif(not AXE, reason="AXE_JS does not name axe.min.js of npm's axe-core")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_to_mend(browser: Chromium, tmp_path: Path, width: int, scheme: str) -> None:
    """Every rule of axe that can be told without a person, with everything unfolded."""
    screen = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    browser.open(written(tmp_path).as_uri())
    browser.driver.execute_script(
        "for (const folded of document.querySelectorAll('details')) folded.open = true"
    )
    browser.driver.execute_script(Path(AXE).read_text(encoding="utf-8"))
    assert browser.driver.execute_async_script(AXE_RUN) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 390, 1280])
def test_page_is_drawn_and_asks_for_nothing(
    browser: Chromium, tmp_path: Path, width: int, scheme: str
) -> None:
    """No host is asked, the console is quiet, nothing is wider than the window, and the scheme is heeded."""
    browser.forget()
    path = written(tmp_path)
    screen = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    browser.open(path.as_uri())
    run = browser.driver.execute_script
    run("for (const folded of document.querySelectorAll('details')) folded.open = true")
    ground = "rgb(27, 29, 34)" if scheme == "dark" else "rgb(255, 255, 255)"
    assert run("return getComputedStyle(document.body).backgroundColor") == ground
    assert run("return document.documentElement.scrollWidth <= innerWidth")
    assert run(STICKING_OUT) == []
    assert browser.driver.title == "USMLE Step 1: where your retake stands"
    assert browser.hosts() == set()
    assert browser.complaints() == []
