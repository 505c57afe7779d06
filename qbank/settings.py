"""Where things are and who is asking: flags over environment over file over defaults, as one frozen value.

What a learner decides about their preparation (exam date, minutes, time zone) is part of their record and lives in the
log, not here.
"""

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from qbank.errors import UsageError

KEYS = ("db", "learner", "exam")


class Settings(msgspec.Struct, frozen=True):
    """`home` holds everything that is the learner's: the store, backups, their own questions. `db` is a URL or a path.

    `served` says that whoever is at the screen may be elsewhere, in a browser: no program is started for them.
    """

    home: Path
    db: str
    learner: str | None
    exam: str | None
    served: bool = False

    @property
    def backups(self) -> Path:
        return self.home / "backups"

    @property
    def pictures(self) -> Path:
        return self.home / "pictures"

    @property
    def own_bank(self) -> Path:
        return self.home / "questions"


def load(flags: Mapping[str, str | None], environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings in force. `flags` may hold home, db, learner and exam; None means not given.

    Raises UsageError for a data folder that cannot be used, and for a settings file that cannot be read or that holds an
    unknown key.
    """
    home = _home(flags.get("home") or environment.get("QBANK_HOME") or _default_home())
    file = _read_file(home / "settings.toml")

    def value(key: str) -> str | None:
        return flags.get(key) or environment.get(f"QBANK_{key.upper()}") or file.get(key)

    return Settings(
        home=home,
        db=value("db") or str(home / "qbank.sqlite3"),
        learner=value("learner"),
        exam=value("exam"),
        served=served(environment),
    )


def served(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether somebody in a browser drives this process: then nothing may reach past qbank to the computer itself."""
    return bool(environment.get("QBANK_SERVED"))


def data_folder() -> Path:
    """The folder with `exams/` and `questions/`: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    installed = package / "data"
    return installed if installed.is_dir() else package.parent / "data"


def _default_home() -> str:
    from platformdirs import user_data_dir

    return user_data_dir("qbank", appauthor=False)


def _home(text: str) -> Path:
    """The data folder; it may be missing, but nothing else may be in its place."""
    try:
        home = Path(text).expanduser().absolute()
    except RuntimeError as error:
        raise _unusable(text, "there is no such user") from error
    try:
        if not stat.S_ISDIR(home.stat().st_mode):
            raise _unusable(text, "it is not a folder")
        if not os.access(home, os.R_OK | os.X_OK):
            raise _unusable(text, "you may not open it")
    except FileNotFoundError:
        return home
    except OSError as error:
        raise _unusable(text, error.strerror or "it cannot be opened") from error
    return home


def _unusable(home: str, reason: str) -> UsageError:
    return UsageError(
        f"The data folder {home} cannot be used: {reason}. Choose another one with --home, or mend its permissions."
    )


def _read_file(path: Path) -> dict[str, str]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}. Mend or remove it.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text. Mend or remove it.") from error
    import tomllib  # here, for most homes have no such file

    try:
        values: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is not valid TOML: {error}. Mend or remove it.") from error
    for key, value in values.items():
        if key not in KEYS or not isinstance(value, str):
            raise UsageError(f"{path}: {key!r} is not a setting. It may hold {', '.join(KEYS)}, each a text.")
    return values
