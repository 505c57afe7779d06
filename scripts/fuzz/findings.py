"""What was found, each kind of it once, as files that can be tried again."""

import hashlib
from pathlib import Path

from fuzz.trial import Input, Outcome


class Findings:
    """The findings of a run. Of several with the same words in one target the shortest file is kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sizes: dict[tuple[str, str, str], int] = {}

    def __len__(self) -> int:
        return len(self._sizes)

    def keep(self, given: Input, outcome: Outcome) -> Path | None:
        """Where the file is kept; None when one as short was kept before."""
        what = (outcome.kind, outcome.words, given.target)
        if self._sizes.get(what, len(given.content) + 1) <= len(given.content):
            return None
        self._sizes[what] = len(given.content)
        name = hashlib.blake2b(repr(what).encode(), digest_size=4).hexdigest()
        self._folder.mkdir(parents=True, exist_ok=True)
        # The suffix stays, since importers look at it.
        path = self._folder / f"{outcome.kind}-{given.target}-{name}-{given.name[-60:]}"
        path.write_bytes(given.content)
        path.with_name(f"{path.name}.why").write_text(
            f"{outcome.words}\n\n{outcome.detail}", encoding="utf-8"
        )
        return path
