"""A booklet of questions to print: numbered, lettered, with the key and the explanations at its end.

One HTML file that needs nothing else; a browser prints it. Its Markdown sibling is in `booklet_markdown`.
"""

import base64
import functools
import zlib
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

import msgspec

from qbank.core.question import Objective, Option, Question, serve
from qbank.core.text import visible

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

KINDS = {
    b"\x89PNG": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
    b"BM": "image/bmp",
}
"""What the bytes of a picture begin with, and its media type."""


class Leaf(msgspec.Struct, frozen=True):
    """A question as it is printed: its number, its options by letter, what the key is."""

    number: int
    question: Question
    objective: str
    options: tuple[tuple[str, Option], ...]

    @property
    def key(self) -> str:
        return next(letter for letter, option in self.options if option.correct)


def leaves(questions: Sequence[Question], objectives: Sequence[Objective]) -> Iterator[Leaf]:
    """The questions in their order. Options are shuffled where they may be, the same in every booklet."""
    known = {(one.bank, one.id): one.text for one in objectives}
    for number, question in enumerate(questions, 1):
        item = serve(question, zlib.crc32(f"{question.bank}/{question.id}".encode()))
        options = [question.option(name) for name in item.option_order]
        lettered = tuple((chr(ord("A") + at), option) for at, option in enumerate(options))
        yield Leaf(number, question, known.get((question.bank, question.objective), ""), lettered)


def source_lines(questions: Sequence[Question], licences: Mapping[str, str]) -> list[str]:
    """What is said of where the questions come from: each bank, how many of its questions, its licence."""
    counts: dict[str, int] = {}
    for question in questions:
        counts[question.bank] = counts.get(question.bank, 0) + 1
    return [
        f"{bank}: {count} {'question' if count == 1 else 'questions'}. {licences.get(bank, '')}".strip()
        for bank, count in counts.items()
    ]


def data_url(content: bytes) -> str:
    """A picture as an address that holds it; "" for what is none of KINDS."""
    kind = next((kind for mark, kind in KINDS.items() if content.startswith(mark)), "")
    return f"data:{kind};base64,{base64.b64encode(content).decode()}" if kind else ""


def write_booklet(
    questions: Sequence[Question],
    objectives: Sequence[Objective],
    pictures: Mapping[str, bytes],
    licences: Mapping[str, str],
) -> bytes:
    """The page. `pictures` are those of the texts by path, `licences` the lines of the banks by name."""
    printed = list(leaves(questions, objectives))
    render = _Render(pictures)
    count = f"{len(printed)} {'question' if len(printed) == 1 else 'questions'}"
    parts = [
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        f"<title>{count}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{count}</h1>",
        '<p class="lead">Mark one answer for each. The key stands at the end, on a page of its own.</p>',
        *(_asked(leaf, render) for leaf in printed),
        '<section class="key"><h1>Key</h1><ol class="letters">',
        *(f"<li><span>{leaf.number}</span> {leaf.key}</li>" for leaf in printed),
        "</ol></section><section><h1>Explanations</h1>",
        *(_explained(leaf, render) for leaf in printed),
        '</section><section class="sources"><h2>Where these questions come from</h2>',
        *(f"<p>{_plain(line)}</p>" for line in source_lines(questions, licences)),
        "</section></body></html>\n",
    ]
    return "\n".join(parts).encode()


def _asked(leaf: Leaf, render: "_Render") -> str:
    options = "".join(
        f'<div class="option"><span class="letter">{letter}</span><div>{render.line(option.text)}</div></div>'
        for letter, option in leaf.options
    )
    stem = render.blocks(leaf.question.stem)
    return f'<article><h2>{leaf.number}</h2><div class="stem">{stem}</div>{options}</article>'


def _explained(leaf: Leaf, render: "_Render") -> str:
    about = f'<p class="objective">{_plain(leaf.objective)}</p>' if leaf.objective else ""
    said = [(letter, option) for letter, option in leaf.options if option.correct]
    said += [(letter, option) for letter, option in leaf.options if not option.correct]
    options = "".join(
        f'<div class="option{" right" if option.correct else ""}"><span class="letter">{letter}</span>'
        f"<div><p><b>{render.line(option.text)}</b></p>{render.blocks(option.explanation)}</div></div>"
        for letter, option in said
        if option.correct or option.explanation
    )
    remember = leaf.question.remember
    kept = f'<div class="remember">{render.blocks(remember)}</div>' if remember else ""
    return f'<article class="explained"><h2>{leaf.number}</h2>{about}{options}{kept}</article>'


def _plain(text: str) -> str:
    return escape(visible(text))


class _Render:
    """The Markdown of questions as HTML; tags in it are shown, links keep their words alone."""

    def __init__(self, pictures: Mapping[str, bytes]) -> None:
        self._parser = _parser()
        self._pictures = pictures

    def blocks(self, text: str) -> str:
        return self._shown(self._parser.parse(visible(text))) if text else ""

    def line(self, text: str) -> str:
        return self._shown(self._parser.parseInline(visible(text)))

    def _shown(self, tokens: "Sequence[Token]") -> str:
        for token in tokens:
            for child in token.children or ():
                if child.type == "image":
                    child.meta["shown"] = self._picture(child)
        return str(self._parser.renderer.render(tokens, self._parser.options, {}))

    def _picture(self, token: "Token") -> str:
        alt = escape(token.content)
        address = data_url(self._pictures.get(str(token.attrs.get("src", "")), b""))
        return f'<img src="{address}" alt="{alt}">' if address else f"[Picture: {alt or 'not here'}]"


@functools.cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # a quarter of the time that most commands take

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.disable(["heading", "lheading", "code", "fence"])
    rules = parser.renderer.rules  # type: ignore[attr-defined]
    rules["image"] = lambda tokens, at, *_: tokens[at].meta["shown"]
    rules["link_open"] = rules["link_close"] = lambda *_: ""
    return parser


_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_STYLE = """
:root { color-scheme: light; }
@page { size: auto; margin: 18mm 16mm; @bottom-center { content: counter(page); font: 9pt Georgia, serif; } }
* { box-sizing: border-box; }
body { font: 11pt/1.45 Georgia, "Liberation Serif", serif; color: #111; background: #fff; max-width: 46rem;
  margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5em; margin: 0 0 .4em; }
h2 { font-size: 1em; margin: 0; }
.lead { color: #444; margin: 0 0 1.6em; }
p { margin: 0 0 .6em; orphans: 2; widows: 2; }
article { margin: 0 0 1.5em; padding-left: 2.4em; position: relative; break-inside: avoid; }
article > h2 { position: absolute; left: 0; top: 0; min-width: 1.9em; text-align: right; }
.option { display: flex; gap: .7em; margin: 0 0 .3em; break-inside: avoid; }
.option > div { min-width: 0; flex: 1; }
.option p { margin: 0 0 .3em; }
.letter { flex: none; width: 1.55em; height: 1.55em; border: 1px solid #777; border-radius: 50%; text-align: center;
  line-height: 1.5em; font-size: .9em; }
.right > .letter { background: #111; border-color: #111; color: #fff; print-color-adjust: exact;
  -webkit-print-color-adjust: exact; }
.objective { color: #444; font-style: italic; }
.remember { border-left: 2px solid #777; padding-left: .8em; margin-top: .5em; }
.key { break-before: page; }
.key + section { margin-top: 2.2em; }
.letters { list-style: none; padding: 0; margin: 0; display: grid; gap: .25em .6em;
  grid-template-columns: repeat(auto-fill, minmax(4.6em, 1fr)); }
.letters span { display: inline-block; min-width: 2.2em; text-align: right; color: #555; padding-right: .3em; }
.explained { break-inside: auto; }
.explained > h2 { break-after: avoid; }
table { border-collapse: collapse; margin: 0 0 .8em; font-size: .95em; break-inside: avoid; }
th, td { border: 1px solid #999; padding: .2em .6em; text-align: left; }
img { max-width: 100%; max-height: 16cm; display: block; margin: .4em 0; break-inside: avoid; }
.sources { margin-top: 2.4em; border-top: 1px solid #999; padding-top: .8em; font-size: .85em; color: #333; }
@media print { body { max-width: none; margin: 0; padding: 0; font-size: 10.5pt; } }
"""
