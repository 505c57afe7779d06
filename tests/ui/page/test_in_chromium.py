"""The page in a real browser: drawn in both schemes at each width, silent, and nothing sticks out."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import Chromium, chromium
from stories import story

from qbank.ui.page.page import Next, Section, progress_page

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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 390, 1280])
def test_page_is_drawn_and_asks_for_nothing(
    browser: Chromium, tmp_path: Path, width: int, scheme: str
) -> None:
    """No host is asked, the console is quiet, nothing is wider than the window, and the scheme is heeded."""
    browser.forget()
    note = Section("In your words", ("<script>document.title = 'taken'</script>",))
    path = tmp_path / "progress.html"
    path.write_text(
        progress_page(
            story(365, 40),
            "USMLE Step 1",
            booked=True,
            next_step=Next("qbank block", "It is worth most now."),
            sections=(note,),
        ),
        encoding="utf-8",
    )
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
