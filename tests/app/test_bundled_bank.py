"""The questions that come with the program."""

from qbank.app.bank_loading import bundled, check_folder
from qbank.app.exams import DEFAULT_EXAM, load_exam


def test_the_bundled_bank_breaks_no_rule_without_a_reason() -> None:
    """Every warning is mended, or its file says why it may stand."""
    exam = load_exam(DEFAULT_EXAM)
    checked = check_folder(exam, bundled(exam))
    assert checked.faults == ()
    assert [str(finding.fault) for finding in (*checked.errors, *checked.warnings)] == []
