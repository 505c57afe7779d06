"""The interview about the attempt that failed: kept in a private file of its own, and gone when the learner says so.

It stays out of the log, which forgets nothing, and out of exports and backups unless it is asked for. (The event of kind
DEBRIEF is something else: one line on how the next exam day went.)
"""

import hashlib
import tomllib
from pathlib import Path

import msgspec

from qbank import settings
from qbank.app.files import write_whole
from qbank.app.workspace import Workspace
from qbank.core.helplines import Fails, Helplines, fails, parse_helplines, parse_pass_rates
from qbank.core.insight.interview import Interview
from qbank.errors import QbankError


def interview(workspace: Workspace) -> Interview | None:
    """What the learner said; None before they said anything. Raises QbankError for a file that cannot be read."""
    return read_interview(workspace, workspace.learner.id)


def hypotheses(workspace: Workspace) -> frozenset[str]:
    """The causes that the learner ticked, by the values of `Cause`; empty when none was or nothing was said."""
    known = interview(workspace)
    return frozenset(cause.value for cause in (known.suspected or ())) if known else frozenset()


def keep(workspace: Workspace, account: Interview) -> None:
    """Keep what was said, in place of what was there. Raises QbankError when it cannot be written."""
    write_interview(workspace, workspace.learner.id, account)


def forget(workspace: Workspace) -> bool:
    """Delete the file, also a damaged one; False when there was none. Raises QbankError when it cannot be deleted."""
    path = interview_path(workspace, workspace.learner.id)
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise QbankError(f"{path} cannot be deleted: {error.strerror}. Delete it by hand.") from error
    return True


def interview_path(workspace: Workspace, learner_id: str) -> Path:
    """The file of one learner's account; a hash stands for the id, which can hold what no file name may."""
    mark = hashlib.sha256(learner_id.encode()).hexdigest()[:16]
    return workspace.settings.home / "debriefs" / f"{mark}.json"


def read_interview(workspace: Workspace, learner_id: str) -> Interview | None:
    """One learner's account; None without one. Raises QbankError for a file that cannot be read."""
    path = interview_path(workspace, learner_id)
    try:
        return msgspec.json.decode(path.read_bytes(), type=Interview)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise QbankError(f"{path} cannot be read: {error.strerror}. Mend its permissions.") from error
    except ValueError as error:
        raise QbankError(
            f"{path} is damaged. Delete it with: qbank debrief --delete, and tell it anew if you like."
        ) from error


def write_interview(workspace: Workspace, learner_id: str, account: Interview) -> None:
    """Keep one learner's account. Raises QbankError when it cannot be written."""
    write_whole(interview_path(workspace, learner_id), msgspec.json.encode(account))


def helplines() -> Helplines:
    """Who answers tonight, by country. Raises InputInvalid for a file with faults."""
    text = (settings.data_folder() / "helplines.toml").read_text(encoding="utf-8")
    return parse_helplines(tomllib.loads(text))


def failing(workspace: Workspace) -> Fails | None:
    """How many others did not pass the exam, in the latest year that is known; None for an exam without figures."""
    text = (settings.data_folder() / "pass-rates.toml").read_text(encoding="utf-8")
    return fails(parse_pass_rates(tomllib.loads(text)), workspace.exam.id)
