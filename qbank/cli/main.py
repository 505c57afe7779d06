"""The `qbank` command: one file a verb, each imported only when it is called, and errors become exit codes here.

Exit codes are this program's contract: 0 done, 1 failed, 2 usage, 3 bank invalid, 4 not found, 5 store unreachable or of
another version, 130 interrupted.
"""

import contextlib
import errno
import gc
import importlib
import io
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from qbank import __version__, errors
from qbank.cli.stopping import NothingAnswered
from qbank.core.text import hidden_characters, visible

INTERRUPTED = 130

COMMANDS = {
    "start": "Set up, or go on from where you stand.",
    "block": "Practise a timed or tutor block.",
    "review": "Go over what tonight is worth most for.",
    "remind": "Set, show or take away a reminder in the evening.",
    "exam": "Sit a whole day under the exam's own clock.",
    "serve": "Practise in a browser on this computer.",
    "status": "Show where you stand and what is next.",
    "progress": "Show what your practice comes to, and what follows from it.",
    "plan": "Plan the days to the exam, and see what they are expected to buy.",
    "ready": "See what fresh, timed answers and self-assessments say about the exam.",
    "lastdays": "Print one page for the last days before the exam.",
    "look": "Look again at a closed block.",
    "history": "Find any answer you ever gave, or any block.",
    "debrief": "Tell how the failed attempt went, as far as you like.",
    "diagnose": "Find out what costs you points, and what to do first.",
    "why": "Explain why each question of a block was picked.",
    "report": "Add, show or remove score reports.",
    "outside": "Record practice that you did elsewhere.",
    "miss": "Keep something you missed elsewhere, in your own words.",
    "undo": "Take back the score of your last answer.",
    "fit": "Fit memory to how you yourself forget.",
    "set": "Change the exam date, minutes, time zone, extra time or colours.",
    "bank": "Check, load, list and search questions.",
    "export": "Write your whole record to one file.",
    "import": "Merge a record written by export.",
    "backup": "Copy the store to a safe place.",
    "restore": "Put a backup back.",
    "doctor": "Look for trouble, and rebuild what can be rebuilt.",
}


class LazyGroup(click.Group):
    """A group that knows its commands' names and first sentences, and imports a command only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(
            f"qbank.cli.{cmd_name}_" if cmd_name == "import" else f"qbank.cli.{cmd_name}"
        )
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="qbank")
@click.option("--home", metavar="FOLDER", help="Keep your data in FOLDER. [env: QBANK_HOME]")
@click.option("--db", metavar="URL", help="Use this store: a file or a database URL. [env: QBANK_DB]")
@click.option(
    "--learner", metavar="NAME", help="Act for NAME, when several people share a store. [env: QBANK_LEARNER]"
)
@click.option("--exam", metavar="ID", help="Prepare for this exam. [env: QBANK_EXAM]")
@click.pass_context
def qbank(
    ctx: click.Context, home: str | None, db: str | None, learner: str | None, exam: str | None
) -> None:
    """Practise for an exam that you will sit again: the question worth most on exam day, first.

    New here? Run `qbank start`. Everything you answer stays on this computer.
    """
    ctx.obj = {"home": home, "db": db, "learner": learner, "exam": exam}


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command and leave with its documented exit code."""
    # A command lives too briefly for collecting to pay: it costs a tenth of the time to the first question.
    gc.disable()
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command and give its exit code; nothing a user can cause ends in a traceback."""
    os.umask(0o077)
    try:
        _spell_out_what_cannot_be_shown()
        _refuse_hidden_characters(sys.argv[1:] if arguments is None else arguments)
        outcome = qbank.main(args=arguments, prog_name="qbank", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.ClickException as error:
        shown = io.StringIO()
        error.show(shown)
        _complain(shown.getvalue().rstrip())
        return 2
    except NothingAnswered:
        _complain("Stopped.")
        return INTERRUPTED
    except (click.Abort, KeyboardInterrupt, EOFError):
        _complain("Stopped. Everything you answered is saved.")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone; Python would complain once more while closing stdout.
        sys.stdout = None
        return 0
    except OSError as error:
        if error.errno == errno.EIO:
            # The terminal was closed, and with it went whoever could be told.
            return INTERRUPTED
        _complain(f"qbank: {_what_failed(error)}")
        _give_up_output()
        return 1
    except errors.QbankError as error:
        _complain(f"qbank: {error}")
        return exit_code(error)
    return outcome if isinstance(outcome, int) else 0


def _refuse_hidden_characters(arguments: Sequence[str]) -> None:
    """What is typed is kept and shown again, so nothing in it may steer a terminal or be no text at all."""
    for number, argument in enumerate(arguments, 1):
        for _line, name in hidden_characters(argument):
            if "U+DC80" <= name <= "U+DCFF":
                raise errors.UsageError(f"Argument {number} is not UTF-8 text. Type it again.")
            raise errors.UsageError(f"Argument {number} holds the hidden character {name}. Leave it out.")


def _what_failed(error: OSError) -> str:
    reason = error.strerror or "it failed"
    if error.filename is not None:
        return f"{error.filename} cannot be used: {reason}. Check the path and its permissions."
    if error.errno == errno.ENOENT:
        return "The folder that you are in is no longer there. Go to another one first, or give whole paths."
    return f"The system refused: {reason}. What you answered is saved; mend that and try again."


def _give_up_output() -> None:
    """Where standard output cannot take what is left of it, Python would complain once more while closing it."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        sys.stdout = None


def _spell_out_what_cannot_be_shown() -> None:
    """Where the terminal's encoding has no β, its name is better than a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="namereplace")


def _complain(text: str) -> None:
    """Say it on standard error, if anybody is still there."""
    with contextlib.suppress(OSError):
        click.echo(visible(text), err=True)


def exit_code(error: errors.QbankError) -> int:
    """The documented exit code of an error."""
    for kind, code in _EXIT_CODES:
        if isinstance(error, kind):
            return code
    return 1


_EXIT_CODES: tuple[tuple[type[errors.QbankError], int], ...] = (
    (errors.UsageError, 2),
    (errors.BankInvalid, 3),
    (errors.VariantInvalid, 3),
    (errors.NotFound, 4),
    (errors.StoreUnreachable, 5),
)
