"""A chart with everything that makes it readable without seeing it: a name, what it shows in words, and its numbers."""

from collections.abc import Sequence

import msgspec

from qbank.ui.page.charts import Drawing
from qbank.ui.page.markup import escaped, number, paragraph, table


class Figure(msgspec.Struct, frozen=True):
    """`key` names it on its page; `says` is what it shows in words, `reads` how its marks are read.

    `columns` and `rows` are its numbers, the first column naming the row. With `leads` its words are short enough to
    stand over the chart too.
    """

    key: str
    title: str
    says: str
    reads: str
    drawing: Drawing
    columns: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    leads: bool = True


def figure_markup(figure: Figure) -> str:
    """The chart, how to read it, and its numbers folded away under it."""
    drawing, key = figure.drawing, escaped(figure.key)
    narrow = f' style="max-width:{number(drawing.most_width)}em"' if drawing.most_width is not None else ""
    lead = paragraph(figure.says) if figure.leads else ""
    return (
        f'<figure>{lead}<svg role="img" aria-labelledby="{key}-t {key}-d" height="{number(drawing.height)}em"{narrow}>'
        f'<title id="{key}-t">{escaped(figure.title)}</title><desc id="{key}-d">{escaped(figure.says)}</desc>'
        f"{drawing.marks}</svg><figcaption>{escaped(figure.reads)}</figcaption>"
        f"<details><summary>The numbers: {escaped(figure.title)}</summary>"
        f"{table(figure.title, figure.columns, figure.rows)}</details></figure>"
    )
