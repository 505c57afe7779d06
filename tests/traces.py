"""Traces for hypothesis to draw."""

from hypothesis import strategies as st

from qbank.core.trace import Trace


def traces() -> st.SearchStrategy[Trace]:
    """Any odds and any stabilities within a year."""
    stability = st.floats(0.1, 365)
    return st.builds(
        lambda kept, kept_days, part, taught_days: Trace(kept, kept_days, part * (1 - kept), taught_days),
        st.floats(0, 1),
        stability,
        st.floats(0, 1),
        stability,
    )
