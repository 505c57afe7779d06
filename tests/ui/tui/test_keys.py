"""The table of keys: each does something, none means two things, and the way to all others is always shown."""

from collections import Counter

import pytest

from qbank.core.looking_back import LookFilter
from qbank.ui.tui.acting import ACTING
from qbank.ui.tui.asking import ASKING
from qbank.ui.tui.keys import KEYS, Stage, bottom_line, help_rows

OF_THE_BLOCK = [stage for stage in Stage if stage not in (Stage.LOOKING, Stage.LIST)]


def test_every_key_of_a_block_has_what_it_does() -> None:
    """An action is done at once or asked for, and nothing is both."""
    actions = {key.action for key in KEYS if key.stages & set(OF_THE_BLOCK)}
    assert actions <= ACTING.keys() | ASKING.keys()
    assert not ACTING.keys() & ASKING.keys()


def test_every_kind_of_question_has_its_key_in_the_list() -> None:
    """Whatever can be listed is one key away."""
    assert {kind.value for kind in LookFilter} <= {key.action for key in KEYS if Stage.LIST in key.stages}


@pytest.mark.parametrize("stage", list(Stage))
def test_a_key_means_one_thing_at_a_time(stage: Stage) -> None:
    """Else the second meaning could never be reached."""
    names = Counter(name for key in KEYS if stage in key.stages for name in key.names)
    assert max(names.values()) == 1


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("width", [20, 40, 78, 120])
def test_the_bottom_line_fits_and_leads_to_the_help(stage: Stage, width: int) -> None:
    """However narrow, the key that shows all others is there, and the help has every one of them."""
    line = bottom_line(stage, (), width)
    assert len(line) <= width
    assert line.endswith("? help")
    assert len(help_rows(stage, ())) >= sum(stage in key.stages for key in KEYS)
