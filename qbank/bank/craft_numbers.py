"""Flaws in a question's numbers, tables and drug names, as far as a list or a table knows better."""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import pairwise

import msgspec

from qbank.bank.flaw import Flaw, shuffled
from qbank.core.lab import LabTable, LabValue
from qbank.core.option_order import quantity
from qbank.core.question import Question

SHORTEST_ALIAS = 3
"""Capitals; a shorter name, such as K, stands for other things as well."""
SHORTEST_DRUG, LONGEST_DRUG = 6, 40
"""Letters; of a shorter word another one is too often just another word, and a longer one is no word."""


class Reference(msgspec.Struct, frozen=True):
    """What results and drugs are compared with; `results` finds the name, the number and what follows a result."""

    labs: Mapping[str, LabValue] = {}
    results: re.Pattern[str] | None = None
    drugs: frozenset[str] = frozenset()
    near_drugs: Mapping[str, str] = {}


def reference(table: LabTable, drugs: Iterable[str], words: Iterable[str] = ()) -> Reference:
    """What questions are compared with, from the table of laboratory values and the list of drug names.

    `words` are others that look like a drug and are none.
    """
    labs: dict[str, LabValue] = {}
    for group in table.groups:
        if group.id not in _BLOOD:
            continue
        for lab in group.values:
            plain = [
                name
                for name in (lab.name, *lab.aliases)
                if len(name) >= SHORTEST_ALIAS
                and "," not in lab.name
                and (name.isupper() or name == lab.name)
            ]
            for name in (*plain, *_AS_SAID.get(lab.name, ())):
                labs.setdefault(name.lower(), lab)
    names = "|".join(sorted(map(re.escape, labs), key=len, reverse=True))
    named = frozenset(drug.lower() for drug in drugs)
    known = named | frozenset(words)
    near = {less: drug for drug in sorted(named) if len(drug) >= SHORTEST_DRUG for less in _without_one(drug)}
    return Reference(
        labs, re.compile(_RESULT.format(names=names), re.IGNORECASE) if names else None, known, near
    )


def flaws(question: Question, known: Reference) -> Iterator[Flaw]:
    """Each flaw of its numbers, tables and drug names."""
    yield from _options(question)
    yield from _mixed(question)
    yield from _tables(question)
    yield from _results(question, known)
    yield from _drugs(question, known)


def _options(question: Question) -> Iterator[Flaw]:
    found = [quantity(option.text) for option in shuffled(question)]
    sizes = [size for size in found if size]
    if len(found) < 2 or len(sizes) < len(found) or len({size.unit for size in sizes}) > 1:
        return
    if not question.fixed_order:
        yield Flaw(
            "numbers-shuffled",
            "The options are numbers and would be shuffled.",
            'Write order = "fixed" under the heading.',
        )
    bounds = [(size.low, size.high) for size in sizes]
    if bounds not in (sorted(bounds), sorted(bounds, reverse=True)):
        yield Flaw("numbers-unsorted", "The numbers are not in order.", "Sort them.")
    if any(first[1] > second[0] for first, second in pairwise(sorted(bounds))):
        yield Flaw("numbers-overlap", "Two of the ranges overlap.", "Give each range numbers of its own.")


_UNITS_OF_ONE_KIND = (
    ("second", "sec", "min", "minute", "hour", "hr", "h", "day", "week", "month", "year"),
    ("kg", "g", "mg", "µg", "μg", "mcg", "ng", "pg"),
    ("l", "dl", "ml", "liter", "milliliter"),
    ("m", "cm", "mm", "µm", "μm", "nm"),
)


def _mixed(question: Question) -> Iterator[Flaw]:
    """Numbers that have to be converted before they can be compared."""
    sizes = [quantity(option.text) for option in shuffled(question)]
    found = [size for size in sizes if size]
    if len(found) < 2 or len(found) < len(sizes):
        return
    units = {size.unit for size in found}
    counted = {unit.partition("/")[0] for unit in units}
    ranges = sum(size.low != size.high for size in found)
    if 0 < ranges < len(found):
        yield Flaw("mixed-numbers", "Ranges stand among single values.", "Make all ranges, or none.")
    if units & {"%", "percent"} and "" in units:
        mend = "Write all in percent, or all as fractions."
        yield Flaw("mixed-numbers", "Percentages stand among other numbers.", mend)
    elif any(len(counted.intersection(kind)) > 1 for kind in _UNITS_OF_ONE_KIND):
        message = f"The numbers are in {', '.join(sorted(units))}."
        yield Flaw("mixed-numbers", message, "Write all in one unit.")


_RULE_LINE = re.compile(r"\|?(\s*:?-{3,}:?\s*\|)*\s*:?-{3,}:?\s*\|?")


def _tables(question: Question) -> Iterator[Flaw]:
    rows: list[str] = []
    for line in [*question.stem.split("\n"), ""]:
        if line.lstrip().startswith("|"):
            rows.append(line.strip())
            continue
        if rows and (len(rows) < 3 or not _RULE_LINE.fullmatch(rows[1]) or len(set(map(_cells, rows))) > 1):
            mend = "Give it a line of names, a line of dashes, and the same cells in every row."
            yield Flaw("broken-table", f'The table that begins with "{rows[0][:40]}" is broken.', mend)
        rows = []


def _cells(row: str) -> int:
    return len(re.findall(r"(?<!\\)\|", row.strip("|")))


_BLOOD = ("serum", "hematologic", "blood")
_AS_SAID = {
    "Bilirubin, direct": ("direct bilirubin", "conjugated bilirubin"),
    "Bilirubin, total": ("total bilirubin", "bilirubin"),
    "Cholesterol, total": ("total cholesterol",),
    "Cholesterol, HDL": ("HDL cholesterol",),
    "Cholesterol, LDL": ("LDL cholesterol",),
    "Hemoglobin, plasma": ("plasma hemoglobin", "plasma free hemoglobin"),
    "Lactate, venous": ("lactate",),
    "Leukocytes": ("leukocyte",),
    "Neutrophils, bands": ("band forms",),
    "Neutrophils, segmented": ("segmented neutrophils",),
    "Parathyroid hormone, intact": ("parathyroid hormone", "intact parathyroid hormone", "PTH"),
    "Phosphorus, inorganic": ("phosphorus", "inorganic phosphorus", "phosphate"),
    "Platelets": ("platelet",),
    "Protein, total": ("total protein",),
    "Testosterone, total": ("total testosterone", "testosterone"),
    "Thyroxine, free": ("free thyroxine", "free T4"),
}
"""What stems call a row of the table whose own name is turned round or in the plural."""
_OTHER_THING = re.compile(
    r"\b(indirect|unconjugated|free|ionized|fetal|urin\w{1,4}|pleural|ascitic|fluid)\s+$", re.IGNORECASE
)
"""What makes of a name after it another thing than the table's row."""
# Parts are capped, so that a text without blanks costs no time that grows with its square.
_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_RESULT = (
    r"(?<![\w/-])(?P<name>{names})(?: (?:concentration|level|activity|count))?"
    rf"(?: (?:is|are|was|were|of|at|(?:has )?(?:fallen|risen|fell|rose) from {_NUMBER} to))?"
    rf"(?:,|:|\s*\|)? (?P<number>{_NUMBER})(?![\d:–-]|[.,/]\d)"
    r"(?:\s?(?P<unit>%|[^\s\d(,;|.]{{0,40}}[A-Za-zµμ/%][^\s(,;|]{{0,40}}?))?(?=[\s(,;|.]|$)"
    r"(?:\.?\s*\((?:reference|normal|N\b\s*=?)(?P<for>[^\d)]{{0,60}})"
    rf"(?P<low>{_NUMBER})\s*[-–]\s*(?P<high>{_NUMBER})(?P<whom>[^)]{{{{0,80}}}})\))?"
)


def _results(question: Question, known: Reference) -> Iterator[Flaw]:
    if known.results is None:
        return
    for found in known.results.finditer(question.stem):
        lab = known.labs[found["name"].lower()]
        unit = (found["unit"] or "").replace("μ", "µ")
        if not lab.unit:
            continue
        units = {
            lab.unit_in(si=False),
            lab.unit_in(si=True),
            *_SAME_UNIT.get(lab.unit, ()),
            *_ALSO.get(lab.name, ()),
        }
        in_table = "|" in found[0] or question.stem[: found.start()].rpartition("\n")[2].startswith("|")
        if not unit or unit.lower() in _NO_UNITS:
            if in_table:
                continue  # its unit may stand in the table's head
            yield Flaw("no-unit", f'"{found[0].strip()}" has no unit.', f"Write it in {lab.unit}.")
        elif unit not in units and "/" in unit:
            message = f'"{found[0].strip()}" is in {unit}.'
            yield Flaw("unknown-unit", message, f"The table has {lab.name.lower()} in {lab.unit}.")
        elif (
            found["low"]
            and unit in (lab.unit, *_SAME_UNIT.get(lab.unit, ()))
            and not re.search(r"\b(?!range\b)[a-z]{3}", (found["for"] + found["whom"]).replace(unit, ""))
            and not _OTHER_THING.search(question.stem, max(0, found.start() - 20), found.start())
        ):
            told = (_decimal(found["low"]), _decimal(found["high"]))
            ranges = [(each.low, each.high) for each in lab.ranges]
            if _is_adult(question.stem) and told not in ranges:
                shown = " or ".join(
                    f"{low}-{high}" for low, high in ranges if low is not None and high is not None
                )
                message = f'"{found[0].strip()}" has another reference range than the table.'
                yield Flaw("reference-differs", message, f"Write {shown}, or say for whom it is.")


_NO_UNITS = frozenset({"and", "to", "in", "on", "with", "but", "at", "after", "before"})
_ALSO = {"Magnesium": ("mg/dL",)} | dict.fromkeys(
    ("Basophils", "Eosinophils", "Lymphocytes", "Monocytes", "Reticulocytes"), ("/mm3",)
)
"""A part of all cells may as well be counted by itself."""
_SAME_UNIT = {
    "U/L": ("IU/L",),
    "mEq/L": ("mmol/L",),
    "pg/mL": ("ng/L",),
    "ng/mL": ("µg/L",),
    "seconds": ("s",),
    "µm3": ("fL",),
}


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _is_adult(stem: str) -> bool:
    """Whether the stem speaks of one adult who is not pregnant; children's and pregnant women's ranges are others."""
    ages = [int(age) for age in re.findall(r"\b(\d{1,3})-year-old\b", stem)]
    return (
        bool(ages) and min(ages) >= 18 and not re.search(r"\b(pregnan|gestation|trimester|postpartum)", stem)
    )


_DRUG_ENDING = re.compile(
    r"[a-z]{2,}(?:olol|pril|sartan|[rv]astatin|conazole|prazole|cillin|[^d]mycin|floxacin|azepam|azolam|dipine|tidine|gliptin"
    r"|gliflozin|glutide|triptan|xaban|parin|[mz]umab|ximab|tinib|zosin|setron|caine|barbital|cycline|thiazide"
    r"|oxetine|triptyline|pramine|dronate|glitazone|navir|tegravir|lukast|fungin|bactam)"
)


def _drugs(question: Question, known: Reference) -> Iterator[Flaw]:
    if not known.drugs:
        return
    texts = [question.stem, question.remember]
    texts += [text for option in question.options for text in (option.text, option.explanation)]
    pattern = rf"(?<![a-z])[a-z]{{{SHORTEST_DRUG},{LONGEST_DRUG}}}(?![a-z])"
    for word in sorted(set(re.findall(pattern, " ".join(texts).lower()))):
        if word in known.drugs or word.removesuffix("s") in known.drugs:
            continue
        near = known.near_drugs.get(word) or next(
            (known.near_drugs[less] for less in _without_one(word) if less in known.near_drugs), None
        )
        near = near or next((less for less in _without_one(word) if less in known.drugs), None)
        if near:
            yield Flaw("drug-spelling", f'"{word}" is no drug of the list.', f'Did you mean "{near}"?')
        elif _DRUG_ENDING.fullmatch(word):
            mend = "Spell it as in the list of drug names, or add it there when it is right."
            yield Flaw("drug-spelling", f'"{word}" is no drug of the list.', mend)


def _without_one(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))
