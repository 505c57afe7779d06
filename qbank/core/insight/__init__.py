"""The log read back: what blocks came to, why answers went wrong, and where the learner stands."""
