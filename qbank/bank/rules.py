"""Every rule that a bank is checked by: its name, how grave a breach is, and a sentence on what it asks for.

The codes are those of the NBME Item-Writing Guide (6th ed., 2024): D for irrelevant difficulty, T for cues to the testwise.
"""

from enum import StrEnum

import msgspec


class Severity(StrEnum):
    """`ERROR` keeps a bank from loading; `WARNING` is a flaw; `NOTE` is worth knowing and no flaw."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Rule(msgspec.Struct, frozen=True):
    """A rule; its name is what findings and exceptions call it by."""

    name: str
    severity: Severity
    asks: str


def _rules(severity: Severity, said: dict[str, str]) -> dict[str, Rule]:
    return {name: Rule(name, severity, asks) for name, asks in said.items()}


RULES = (
    _rules(
        Severity.ERROR,
        {
            "duplicate-id": "An id names one objective or one question in the whole bank.",
            "unknown-area": "Systems, sections, disciplines and tasks are those of the exam.",
            "no-objective": "The file or the exam's map says what there is to know.",
            "placeholder": "Nothing of the page to fill in, such as `<age, sex, place>`, is left in a question.",
        },
    )
    | _rules(
        Severity.WARNING,
        {
            "no-area": "An objective lies in a system and a discipline of the exam.",
            "no-sibling": "An objective has two questions, or a variant, so that a review repeats no text.",
            "few-siblings": "An objective of high likelihood has three questions; a variant counts for two.",
            "review-state": "`review` is draft, cross-checked, or physician with name and date.",
            "source-shape": "A source is a title and the section that was opened, named once.",
            "option-count": "A question has four to eight options.",
            "vignette-length": "A vignette has 60 to 160 words.",
            "long-sentence": "A sentence of a vignette has at most 45 words.",
            "open-lead-in": "The last paragraph of the stem is a question and ends in a question mark.",
            "negative-lead-in": "The lead-in asks for what holds, not for what does not (D7).",
            "soft-lead-in": "The lead-in does not ask what 'is associated with' or 'could be' so.",
            "article-cue": "An article at the end of the lead-in fits every option (T1).",
            "number-cue": "Options agree with the lead-in in number, or none does (T1).",
            "all-or-none": "No option stands for all or none of the others (D5).",
            "absolute": "No option says always, never, only or all (T3).",
            "vague-frequency": "No option says often, usually or rarely (D4).",
            "soft-wording": "No option says may, might or could.",
            "unkind-word": "People are spoken of with respect: a patient reports, and has a disease.",
            "long-options": "Options are short; what is long belongs into the stem (D1).",
            "repeated-words": "What all options begin or end with belongs into the lead-in (D1).",
            "mixed-kinds": "Options are of one kind: all numbers or none, all sentences or none (D6).",
            "exhaustive-set": "Options are more than increase, decrease and no change (T2).",
            "opposite-pair": "The key is not one of the only two options that contradict each other (T2).",
            "key-stands-out": "The key is not much longer than the other options (T4).",
            "clang": "The key does not alone repeat a telling word of the stem (T5).",
            "convergence": "The key does not share more with the other options than any of them does (T6).",
            "no-explanation": "Every option has its own explanation.",
            "cites-a-letter": "An explanation names the thing and no letter: options are shuffled.",
            "cites-place": "An option names the thing and no other option's place.",
            "no-remember": "A question ends in one sentence to remember.",
            "long-remember": "What is to be remembered has at most two sentences.",
            "numbers-shuffled": 'Options that are numbers keep their order, by order = "fixed" (D3).',
            "numbers-unsorted": "Options that are numbers are sorted (D3).",
            "numbers-overlap": "Options that are ranges do not overlap (D3).",
            "mixed-numbers": "Options that are numbers are all ranges or none, and in one unit (D3).",
            "unsorted-options": "Options that are shuffled are written in alphabetical order, so that none has a place.",
            "no-unit": "A laboratory result has its unit.",
            "unknown-unit": "A laboratory result has a unit of the table of laboratory values.",
            "reference-differs": "A reference range in a stem is the table's, unless the stem says for whom.",
            "drug-spelling": "A drug is spelled as in the bank's list of drug names.",
            "broken-table": "A table has a line of dashes and the same cells in every row.",
            "same-case": "Siblings are other cases, not one case in other words.",
            "near-duplicate": "No two stems of the bank are nearly the same.",
            "key-balance": "The keys of questions in a fixed order lie about equally at each place.",
            "key-run": "Not five questions in a fixed order, one after another, have their key at one place.",
            "key-length": "The key of a system's questions is the longest option no more than chance has it.",
            "draws-tie": "In no draw of a variant are two options alike.",
            "draws-nonsense": "No draw of a variant has a number below 0, a share above 100%, or what no patient has.",
            "draws-few": "A variant has at least 20 different sets of numbers.",
            "draws-rank": "A variant's key is not at one place by size in nearly all draws.",
            "draws-fail": "A variant's numbers can be drawn, and written, under every seed.",
            "unknown-rule": "An exception names a rule once, no error, with its reason: `rule: reason`.",
            "idle-exception": "An exception is there only where its rule would speak.",
        },
    )
    | _rules(
        Severity.NOTE,
        {"no-source": "A source that was opened is named; a question without one says so by having none."},
    )
)
