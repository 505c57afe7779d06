"""Which answers count for a question's statistics, in each kind of database."""

from cohort import DAY, put_bank, put_block, question, response
from msgspec.structs import replace
from worlds import rekeyed

from qbank.core.insight.item_statistics import Answer
from qbank.core.question import NOT_RECALLED, RECALLED, Kind, Objective, Option, Question, option_id
from qbank.store.rows import BankKind, BankRow, ResponseRow
from qbank.store.store import Store


def test_questions_come_in_order_with_the_answers_of_all(store: Store) -> None:
    """By bank and id; of each every learner's answer with its option and time."""
    first, second = question(1), question(2)
    key, other = first.options[0].id, first.options[1].id
    with store.begin() as tx:
        put_bank(tx, [first, second])
        ada, bo = put_block(tx, "ada"), put_block(tx, "bo")
        tx.put_response(response("bo", second, None, block=bo, position=0, ms=9_000))
        tx.put_response(response("bo", first, other, block=bo, position=1, ms=8_000))
        tx.put_response(response("ada", first, key, block=ada, position=0, ms=7_000))
        found = list(tx.item_answers())
    assert [(item.bank, item.question, item.key) for item in found] == [
        ("shared", "q-001", key),
        ("shared", "q-002", second.key.id),
    ]
    assert found[0].answers == [Answer("ada", key, 7_000), Answer("bo", other, 8_000)]
    assert found[1].answers == [Answer("bo", None, 9_000)]
    assert set(found[0].options) == {option.id for option in first.options}


def test_only_first_answers_that_were_thought_and_stand_count(store: Store) -> None:
    """Not one to a question seen before, nor one taken back, nor one without a rating."""
    asked = question(1)

    def answered(name: str) -> ResponseRow:
        return response(name, asked, asked.key.id, block=f"block-{name}")

    with store.begin() as tx:
        put_bank(tx, [asked])
        for name in ("again", "back", "rapid", "good"):
            put_block(tx, name)
        tx.put_response(replace(answered("again"), fresh=False))
        tx.put_response(replace(answered("back"), retracted=True))
        tx.put_response(replace(answered("rapid"), rating=None))
        tx.put_response(answered("good"))
        (item,) = tx.item_answers()
    assert [answer.learner for answer in item.answers] == ["good"]


def test_answers_to_other_options_are_to_another_question(store: Store) -> None:
    """A corrected key or stem keeps them, marked by the key of now; other options do not."""
    before = question(1)
    corrected = replace(rekeyed(before, 1), stem="A clearer case. Which?")
    texts = ("another", *(option.text for option in before.options[1:]))
    other = replace(
        before, options=tuple(Option(option_id(text), text, not at) for at, text in enumerate(texts))
    )
    with store.begin() as tx:
        for name, version in (("early", other), ("middle", before), ("late", corrected)):
            put_bank(tx, [version])
            block = put_block(tx, name)
            tx.put_response(response(name, version, before.options[1].id, block=block))
        (item,) = tx.item_answers()
    assert [answer.learner for answer in item.answers] == ["late", "middle"]
    assert item.key == before.options[1].id
    assert item.right == 2


def test_what_a_learner_missed_elsewhere_is_no_item(store: Store) -> None:
    """It has no options, and is theirs alone."""
    miss = Question("misses-ada", "m", "mine", "Mine", (RECALLED, NOT_RECALLED), kind=Kind.RECALL)
    with store.begin() as tx:
        tx.put_bank(BankRow("misses-ada", "Missed", "", BankKind.OWN, "usmle-step1"))
        tx.upsert_questions("misses-ada", [Objective("misses-ada", "mine", "Mine")], [miss])
        tx.put_response(response("ada", miss, RECALLED.id, block=put_block(tx, "ada")))
        assert [row.response.study_day for row in tx.responses("ada")] == [DAY]
        assert list(tx.item_answers()) == []
