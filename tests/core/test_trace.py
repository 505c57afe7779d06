"""What answers say of a memory: the laws of the filter, and that what is priced is what it would become."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from traces import traces

from qbank.core.memory import DEFAULT_MODEL, MemoryModel, first_memory, next_stability
from qbank.core.response import Confidence, Rating
from qbank.core.trace import (
    DIFFICULTY,
    ENCODING,
    Trace,
    first_trace,
    known_before,
    mixer,
    next_trace,
    not_known_before,
)

GUESS, SLIP = 0.2, 0.05
days = st.floats(0, 300)
horizons = st.floats(1, 300)
chances = st.floats(0.01, 0.99)
guesses = st.floats(0.15, 0.4)
said = st.none() | st.sampled_from(Confidence)


def mixed(
    trace: Trace, elapsed: float, horizon: float, model: MemoryModel = DEFAULT_MODEL
) -> tuple[float, ...]:
    mix = mixer(horizon, model)
    return mix(trace.kept, trace.kept_days, trace.taught, trace.taught_days, elapsed)


@given(traces(), days, st.booleans(), guesses, said)
def test_odds_stay_odds(
    trace: Trace, elapsed: float, correct: bool, guess: float, word: Confidence | None
) -> None:
    """Whatever is answered, the parts are probabilities and the stabilities positive."""
    after = next_trace(trace, elapsed, correct=correct, guess=guess, slip=SLIP, said=word)
    assert 0 <= after.kept <= 1
    assert 0 <= after.taught <= 1 - after.kept + 1e-12
    assert min(after.kept_days, after.taught_days) > 0


@given(traces(), days, guesses)
def test_a_right_answer_speaks_for_the_memory_and_a_wrong_one_against_it(
    trace: Trace, elapsed: float, guess: float
) -> None:
    """P(recalled) goes up from P(recall) with a hit and down with a miss."""
    before = trace.recall(elapsed)
    right, wrong = (
        next_trace(trace, elapsed, correct=correct, guess=guess, slip=SLIP).kept for correct in (True, False)
    )
    assert wrong <= before + 1e-9
    assert right >= before - 1e-9


@given(chances, traces(), st.floats(1, 300))
def test_the_surer_the_more_is_believed_of_a_hit(p_know: float, trace: Trace, elapsed: float) -> None:
    """Of right answers the sure one speaks most for the memory and the guessed one least, first and later."""
    order = (Confidence.GUESSED, Confidence.UNSURE, Confidence.SURE)
    first = [first_trace(p_know, correct=True, guess=GUESS, slip=SLIP, said=word).kept for word in order]
    later = [
        next_trace(trace, elapsed, correct=True, guess=GUESS, slip=SLIP, said=word).kept for word in order
    ]
    assert first == sorted(first)
    assert later == sorted(later)


@given(chances, guesses)
def test_a_text_seen_before_says_less(p_know: float, guess: float) -> None:
    """The easier it is to be right without knowing, the less a hit says."""
    trace = first_trace(p_know, correct=True, guess=guess, slip=SLIP)
    easier = first_trace(p_know, correct=True, guess=guess + 0.1, slip=SLIP)
    assert easier.kept <= trace.kept


@pytest.mark.parametrize(("p", "knew"), [(0.3, 0.67), (0.5, 0.83), (0.7, 0.92), (0.9, 0.98)])
def test_a_first_hit_is_partly_luck(p: float, knew: float) -> None:
    """P(knew | right) at guess .2 and slip .05 is what the science page states."""
    assert first_trace(p, correct=True, guess=GUESS, slip=SLIP).kept == pytest.approx(knew, abs=0.005)


@given(st.floats(0.1, 300), days)
def test_what_was_surely_recalled_grows_as_fsrs_has_it(stability: float, elapsed: float) -> None:
    """Without guess and slip an answer shows what was recalled, and stability is FSRS's."""
    sound = Trace(1.0, stability, 0.0, 1.0)
    now = DEFAULT_MODEL.recall(stability, elapsed)
    hit = next_trace(sound, elapsed, correct=True, guess=0.0, slip=0.0)
    assert hit.kept == 1
    assert hit.kept_days == pytest.approx(next_stability(stability, DIFFICULTY, now, Rating.GOOD))
    if now < 1:
        miss = next_trace(sound, elapsed, correct=False, guess=0.0, slip=0.0)
        assert (miss.kept, miss.taught) == (0, ENCODING)
        assert miss.taught_days == pytest.approx(next_stability(stability, DIFFICULTY, now, Rating.AGAIN))


@given(st.sampled_from([(1.0, 0.0), (0.0, 1.0), (0.0, 0.0)]), st.floats(0.1, 300), days, horizons)
def test_what_is_priced_is_what_answers_would_leave(
    state: tuple[float, float], stability: float, elapsed: float, horizon: float
) -> None:
    """Recall drilled now is the mean over both answers of the traces they leave; now and left are the trace's own."""
    trace = Trace(state[0], stability, state[1], stability)
    now, left, drilled = mixed(trace, elapsed, horizon)
    assert now == pytest.approx(trace.recall(elapsed))
    assert left == pytest.approx(trace.recall(elapsed + horizon))
    expected = 0.0
    for correct, odds in ((True, now), (False, 1 - now)):
        if odds > 0:
            after = next_trace(trace, elapsed, correct=correct, guess=0.0, slip=0.0)
            expected += odds * after.recall(horizon)
    assert drilled == pytest.approx(expected)


@given(traces(), days, horizons)
def test_a_price_is_mixed_of_what_may_be_the_case(trace: Trace, elapsed: float, horizon: float) -> None:
    """What a trace's three cases would each give, by their odds."""
    sure = [(1.0, 0.0, trace.kept), (0.0, 1.0, trace.taught), (0.0, 0.0, 1 - trace.kept - trace.taught)]
    parts = [
        (odds, mixed(Trace(kept, trace.kept_days, taught, trace.taught_days), elapsed, horizon))
        for kept, taught, odds in sure
    ]
    for number, value in enumerate(mixed(trace, elapsed, horizon)):
        assert value == pytest.approx(sum(odds * part[number] for odds, part in parts))


@given(traces(), days, horizons)
def test_more_time_is_less_recall(trace: Trace, elapsed: float, more: float) -> None:
    """Left alone, what a trace says falls."""
    assert trace.recall(elapsed + more) <= trace.recall(elapsed)


@given(horizons)
def test_what_was_known_before_is_kept_better_when_drilled(horizon: float) -> None:
    """A drill helps what is known, and more what is not."""
    left, drilled = known_before(horizon)
    assert left < drilled < 1
    assert not_known_before(horizon) == pytest.approx(
        ENCODING * DEFAULT_MODEL.recall(first_memory(Rating.AGAIN)[0], horizon)
    )


def test_a_learners_own_weights_shape_the_trace() -> None:
    """Who forgets faster is held to."""
    weights = list(DEFAULT_MODEL.weights)
    weights[20] = 0.4
    own = MemoryModel(tuple(weights), "fitted")
    trace = Trace(0.9, 8.0, 0.07, 0.2)
    assert trace.recall(30, own) < trace.recall(30)
    assert mixed(trace, 5, 40, own) != mixed(trace, 5, 40)
    left, _ = known_before(40, own)
    assert left < known_before(40)[0]
