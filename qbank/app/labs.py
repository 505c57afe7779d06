"""The table of laboratory values, read when it is first asked for."""

import tomllib
from decimal import Decimal
from functools import lru_cache

from qbank import settings
from qbank.core.lab import LabTable, parse_labs


@lru_cache(maxsize=1)
def load_labs() -> LabTable:
    """The table that comes with qbank. Raises InputInvalid for a file with faults."""
    text = (settings.data_folder() / "labs.toml").read_text(encoding="utf-8")
    return parse_labs(tomllib.loads(text, parse_float=Decimal))
