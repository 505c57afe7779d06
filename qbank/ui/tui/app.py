"""placeholder"""

from qbank.ui.conversation import Conversation


def show(conversation: Conversation, *, large: bool) -> None:
    raise SystemExit(str((conversation, large)))
