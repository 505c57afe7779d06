"""Ctrl-C in a command that keeps no answers."""

import click


class NothingAnswered(click.Abort):
    """The learner stopped a command that keeps no answers, so that none can be said to be saved."""
