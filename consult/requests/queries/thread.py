"""The thread of a case, until when it is open, and the case that asks again."""

from datetime import datetime

from django.db.models import QuerySet

from consult.requests.models import ENDED, Case, Message, Side, Status
from consult.requests.policies import THREAD_ENDS
from consult.requests.queries.cases import opinion_signed_at, visible_to
from telemed.people.models import User

MOST_SHOWN = 100  # the newest messages of a thread


def newest_messages(case: Case) -> list[Message]:
    """The newest ones, oldest first."""
    newest = case.messages.select_related("written_by__acting_as").order_by("-at", "-id")
    return list(newest[:MOST_SHOWN])[::-1]


def turns_of(case: Case, side: Side) -> QuerySet[Message]:
    """What this side wrote, newest first."""
    return case.messages.filter(side=side).order_by("-at", "-id")


def thread_ends_at(case: Case) -> datetime | None:
    """72 hours after the opinion that stands was signed; None while there is none."""
    signed_at = opinion_signed_at(case) if case.opinion_stands else None
    return signed_at + THREAD_ENDS if signed_at else None


def has_thread(case: Case) -> bool:
    """From sending it, unless it ended without an opinion."""
    return case.status not in (Status.DRAFT, *ENDED)


def replaced_by(actor: User, case: Case) -> list[Case]:
    """The cases that ask again, of those that this account may know of."""
    return list(visible_to(actor).filter(replaces=case).order_by("pk"))


def find_replaced(actor: User, case: Case) -> Case | None:
    """The case that this one replaces, where this account may know of it."""
    if case.replaces_id is None:
        return None
    return visible_to(actor).filter(pk=case.replaces_id).first()
