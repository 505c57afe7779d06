"""The pieces that a page is made of; whatever is text is escaped here and nowhere else."""

import html
from collections.abc import Sequence

from qbank.core.text import visible


def escaped(text: str) -> str:
    """The text as a person sees it, whatever a browser would make of its characters."""
    return html.escape(visible(text))


def number(value: float) -> str:
    """A length to a hundredth, in as few characters as it takes."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def spent(ms: int) -> str:
    """Milliseconds of work in words: minutes, from an hour and a half on hours."""
    minutes = round(ms / 60_000)
    if minutes >= 90:
        return f"{ms / 3_600_000:.1f} hours"
    return "under a minute" if not minutes else "1 minute" if minutes == 1 else f"{minutes} minutes"


def paragraph(text: str, kind: str = "") -> str:
    of = f' class="{kind}"' if kind else ""
    return f"<p{of}>{escaped(text)}</p>"


def table(caption: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table whose first column names its rows; it scrolls by itself where it is wider than the page."""
    head = "".join(f'<th scope="col">{escaped(name)}</th>' for name in columns)
    body = "".join(
        f'<tr><th scope="row">{escaped(row[0])}</th>{"".join(f"<td>{escaped(cell)}</td>" for cell in row[1:])}</tr>'
        for row in rows
    )
    named = escaped(caption)
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{named}"><table><caption>{named}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
