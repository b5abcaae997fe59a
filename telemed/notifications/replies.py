"""What people answer by SMS: slices register what an answer to their question does."""

import re
from collections.abc import Callable
from enum import StrEnum

from telemed.notifications.models import Notification


class Answer(StrEnum):
    YES = "1"
    NO = "2"
    THIRD = "3"
    STOP = "stop"


WORDS = {
    **dict.fromkeys(["1", "是", "y", "yes"], Answer.YES),
    **dict.fromkeys(["2", "否", "n", "no"], Answer.NO),
    "3": Answer.THIRD,
    **dict.fromkeys(["td", "退订"], Answer.STOP),
}
SEPARATED = re.compile(r"[\s,，、:：]+")
Handler = Callable[[Notification, Answer], None]
_handlers: dict[str, Handler] = {}


def register(template: str, handler: Handler) -> None:
    """Called in ready(): who acts on the answer to that message. The handler is a service."""
    _handlers[template] = handler


def questions() -> list[str]:
    """The templates that an answer may be about."""
    return list(_handlers)


def understand(text: str) -> Answer | None:
    """One of the words above, however it is written; None for anything else."""
    said = text.strip().strip("。.!！ ").translate(str.maketrans("１２３", "123"))
    return WORDS.get(said.casefold())


def understand_for(text: str) -> tuple[Answer | None, str]:
    """The same, and for whom where that is said behind it: “1 王桂芳”, “1, 5511”."""
    if whole := understand(text):
        return whole, ""
    said, *rest = SEPARATED.split(text.strip(), maxsplit=1)
    whom = rest[0].strip() if rest else ""
    return (understand(said), whom) if whom else (None, "")


def answer(notification: Notification, said: Answer) -> None:
    _handlers[notification.template](notification, said)
