"""The page: whole by itself, readable without seeing it, safe with any text, and quiet when estimates help nobody."""

import itertools
import re
from datetime import timedelta
from xml.etree import ElementTree

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import TODAY, nothing_yet, story

from qbank.core.exam import Flag
from qbank.core.insight.progress import AreaProgress, DayWork, DueDay, Progress, SaidRow
from qbank.core.mastery import Estimate
from qbank.ui.page.page import Next, Section, progress_page

NEXT = Next("qbank block", "A mixed block is worth most now.")
LARGEST_BYTES = 300_000


def page_of(progress: Progress, *sections: Section, exam: str = "USMLE Step 1", booked: bool = True) -> str:
    return progress_page(progress, exam, booked=booked, next_step=NEXT, sections=sections)


def tree_of(page: str) -> ElementTree.Element:
    return ElementTree.fromstring(page.partition("\n")[2])


def words_of(page: str) -> str:
    """What is read on it, charts and tables included."""
    body = tree_of(page).find("body")
    assert body is not None
    return " ".join(" ".join(body.itertext()).split())


STORIES = {
    "usual": story(),
    "large": story(365, 40),
    "first day": story(1, 11),
    "eve": story(30, exam_day=TODAY + timedelta(1)),
    "passed": story(30, exam_day=TODAY - timedelta(2)),
    "nothing": nothing_yet(),
}
every_story = pytest.mark.parametrize("progress", STORIES.values(), ids=STORIES.keys())


@every_story
def test_page_asks_nobody_for_anything(progress: Progress) -> None:
    """No address, no script, no style or picture from elsewhere stands in it, and its own policy forbids them."""
    page = page_of(progress)
    assert not re.search(r"https?:|//[a-z]|<script|<link|<img|<iframe|@import|url\(|\bon[a-z]+=", page)
    assert not re.search(r"\b(src|href)=", page)
    assert "default-src 'none'; style-src 'unsafe-inline'" in page


def test_page_of_a_year_over_forty_areas_is_small() -> None:
    """It can be sent to an advisor by any mail."""
    large = STORIES["large"]
    assert (len(large.areas), len(large.days)) == (40, 313)
    assert len(page_of(large).encode()) < LARGEST_BYTES


@every_story
def test_every_chart_has_a_name_words_and_a_table(progress: Progress) -> None:
    """Whoever does not see it is told the same; each id is there once, and each one that is named exists."""
    tree = tree_of(page_of(progress))
    ids = [element.attrib["id"] for element in tree.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    for element in tree.iter():
        assert set(element.attrib.get("aria-labelledby", "").split()) <= set(ids)
    figures = list(tree.iter("figure"))
    assert len(figures) == len(list(tree.iter("svg")))
    for figure in figures:
        chart = figure.find("svg")
        assert chart is not None
        assert chart.attrib["role"] == "img"
        assert chart.findtext("title")
        assert chart.findtext("desc")
        table = figure.find("details/div/table")
        assert table is not None
        columns = table.findall("thead/tr/th")
        rows = table.findall("tbody/tr")
        assert rows
        assert all(len(row) == len(columns) and row[0].tag == "th" for row in rows)


@every_story
def test_headings_go_down_one_step_at_a_time(progress: Progress) -> None:
    """One first heading, and none is left out on the way."""
    levels = [
        int(element.tag[1])
        for element in tree_of(page_of(progress)).iter()
        if re.fullmatch("h[1-6]", element.tag)
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_usual_story_is_told_from_top_to_bottom() -> None:
    """Every part has its heading, and its chart."""
    tree = tree_of(page_of(STORIES["usual"], Section("Are you ready?", ("Not yet.",))))
    assert [heading.text for heading in tree.iter("h2")] == [
        "Where you stand",
        "Fresh questions over the weeks",
        "Where your time went",
        "What you have put in",
        "Right over the weeks",
        "How well you judge yourself",
        "What you remember",
        "What falls due",
        "Are you ready?",
        "What to do next",
    ]
    assert [bool(section.findall("figure")) for section in tree.iter("section")] == [True] * 8 + [False] * 2
    assert tree.attrib["lang"] == "en"


def test_page_says_when_and_by_whom_it_was_made() -> None:
    """And for which exam, how far away, and whether that day is booked."""
    told = words_of(page_of(STORIES["usual"], booked=False))
    assert "USMLE Step 1: Sat 23 Jan 2027 (assumed: none is booked), 58 days away." in told
    assert "Made by qbank on Thu 26 Nov 2026 from your own answers. Nothing was sent anywhere." in told


def test_empty_store_gets_a_kind_page() -> None:
    """No chart, no number, and what to do first."""
    page = page_of(nothing_yet())
    told = words_of(page)
    assert "<svg" not in page
    assert "No block is closed yet. Each one you close adds to this page." in told
    assert "Nothing is known of any area yet. A first block, or your score report, begins it." in told
    assert [heading.text for heading in tree_of(page).iter("h2")] == ["Where you stand", "What to do next"]
    assert "qbank block A mixed block is worth most now." in told


def test_report_alone_is_told_before_any_answer() -> None:
    """What is believed from it, with a note on where it is from, and no chart of work that is not there."""
    areas = (_area("Cardiovascular System", 0.09, Estimate(0.5, 0.4, 0.6)),)
    page = progress_page(
        msgspec.structs.replace(nothing_yet(), areas=areas),
        "USMLE Step 1",
        booked=False,
        next_step=NEXT,
        notes=("The report is the sample.",),
    )
    assert page.count("<svg") == 1
    assert "The report is the sample." in words_of(page)


def test_first_week_stands_alone() -> None:
    """It is told once, and a day of seconds has no hours."""
    few = msgspec.structs.replace(
        nothing_yet(), answered=4, right=1, ms=20_000, days=(DayWork(TODAY, 4, 1, 20_000),)
    )
    told = words_of(page_of(few))
    assert "In the seven days from 20 Nov 2026 you got 25% (5-70) right." in told
    assert "on questions under a minute" in told


def test_last_days_show_no_estimate() -> None:
    """From three days before the exam on belief, forecast and what is due are left out; work stays."""
    told = words_of(page_of(story(exam_day=TODAY + timedelta(3))))
    assert "In the last three days no estimate is shown" in told
    for word in ("Believed", "believed", "What you remember", "What falls due", "Most is to be won"):
        assert word not in told
    assert "What you have put in" in told
    assert "What you remember" in words_of(page_of(story(exam_day=TODAY + timedelta(4))))


def test_what_falls_due_ends_with_the_exam() -> None:
    """Days from the exam on are nobody's work any more."""
    told = words_of(page_of(story(exam_day=TODAY + timedelta(5))))
    assert "From Thu 26 Nov 2026 to Mon 30 Nov 2026" in told
    assert told.count("01 Dec 2026") == 1, "the exam day itself, in the first line"
    assert "What falls due" not in words_of(page_of(STORIES["passed"]))


@given(st.text(st.characters(exclude_categories=["Cs", "Cn"])).filter(str.strip))
def test_text_of_any_kind_stays_text(text: str) -> None:
    """What a learner or a file says never becomes a part of the page, wherever it stands."""
    plain = page_of(_named("x"), Section("x", ("x",)), exam="x")
    page = page_of(_named(text), Section(text, (text,)), exam=text)
    tags = [element.tag for element in tree_of(plain).iter()]
    found = [element.tag for element in tree_of(page).iter()]
    assert [tag for tag in found if tag != "text"] == [tag for tag in tags if tag != "text"]


def test_markup_in_a_note_is_shown_as_it_was_typed() -> None:
    """It is read on the page, sign by sign."""
    note = "I panicked <b>&</b> \"ran\" </section><script>alert('x')</script>"
    assert note in words_of(page_of(nothing_yet(), Section("In your words", (note,))))


def test_what_moves_a_cursor_is_made_visible() -> None:
    """A page opened in a terminal obeys nothing either."""
    assert "a<U+001B>[2J" in words_of(page_of(nothing_yet(), Section("x", ("a\x1b[2J",))))


def test_areas_nothing_is_believed_of_are_told_so() -> None:
    """No dot, no bar, and the words for it; the table keeps the row."""
    told = words_of(page_of(_named("Cardiovascular System")))
    assert "nothing believed yet, 9% of exam" in told


def test_days_that_are_not_drawn_do_no_harm() -> None:
    """Work of years ago, or of a day that is not yet, leaves a sentence in place of a chart."""
    days = tuple(DayWork(day, 5, 3, 300_000) for day in (TODAY - timedelta(900), TODAY + timedelta(1)))
    told = words_of(page_of(msgspec.structs.replace(nothing_yet(), answered=10, right=6, days=days)))
    assert told.count("No answers yet in the twelve months up to today.") == 2


def test_follow_up_names_the_area_with_most_to_win() -> None:
    """Share of the exam times what is believed missed: a large area half known before a small one known worse."""
    told = words_of(
        page_of(
            msgspec.structs.replace(
                nothing_yet(),
                areas=(
                    _area("Small", 0.05, Estimate(0.3, 0.2, 0.4)),
                    _area("Large", 0.2, Estimate(0.5, 0.4, 0.6)),
                ),
            )
        )
    )
    assert (
        "Most is to be won in Large: 20% of the exam, of which you are believed to get 50% (40-60) right."
        in told
    )


def test_time_that_falls_short_is_told_once_answers_are_many() -> None:
    """Not from a single block, whose shares are chance, and not of what the report has as higher."""

    def told(answers: int, flag: Flag | None) -> str:
        renal = msgspec.structs.replace(_area("Renal", 0.2, None, 0.02), fresh=(answers, 5), flag=flag)
        areas = (renal, _area("Cardiac", 0.1, None, 0.5))
        return words_of(page_of(msgspec.structs.replace(nothing_yet(), areas=areas)))

    assert (
        "Renal is 20% of the exam and has had 2% of your time here. If you do not work on it elsewhere, give it a block: "
        "qbank block --system renal"
    ) in told(60, Flag.LOWER)
    assert "has had" not in told(59, Flag.LOWER)
    assert "has had" not in told(60, Flag.HIGHER)


def test_sureness_is_doubted_only_on_evidence() -> None:
    """Sixty of a hundred are; three of five are chance."""
    doubt = "answers that you were sure of"
    sure = {answers: SaidRow("sure", answers, answers * 3 // 5, 0.0, 1.0) for answers in (5, 100)}
    told = {
        answers: words_of(page_of(msgspec.structs.replace(nothing_yet(), said=(row,))))
        for answers, row in sure.items()
    }
    assert doubt in told[100]
    assert doubt not in told[5]


def test_a_few_due_minutes_are_not_worth_a_word() -> None:
    """A quarter of an hour is."""

    def due(minutes: float) -> str:
        days = (DueDay(TODAY, minutes), DueDay(TODAY + timedelta(1), 3.0))
        return words_of(page_of(msgspec.structs.replace(nothing_yet(), due=days)))

    assert "About 15 minutes of what you have met are due" in due(15.0)
    assert "of what you have met are due" not in due(2.0)


def _named(name: str) -> Progress:
    return msgspec.structs.replace(nothing_yet(), areas=(_area(name, 0.09, None),))


def _area(name: str, share: float, belief: Estimate | None, time_share: float = 0.0) -> AreaProgress:
    return AreaProgress(
        dimension="system",
        area=name.lower(),
        name=name,
        share=share,
        flag=None,
        belief=belief,
        fresh=(0, 0),
        seen=(0, 0),
        ms=round(time_share * 3_600_000),
        time_share=time_share,
        weeks=(None,) * 8,
    )
