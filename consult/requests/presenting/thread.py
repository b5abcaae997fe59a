"""The thread as one account reads it."""

from typing import Any

from consult.requests import permissions, queries
from consult.requests.models import ANSWERED, OVER, Case
from telemed.core import moments
from telemed.core.ids import new_id
from telemed.people.models import User


def thread(actor: User, case: Case, *, clinical: bool, seated: bool) -> dict[str, Any] | None:
    """
    The messages, and what may be done; None for who takes no part in it.

    A coordinator reads who wrote and when, and the words of what is for coordinators.
    """
    organises = permissions.reads_for_coordinators(actor, case)
    if not clinical and not organises:
        return None
    ends_at = queries.thread_ends_at(case)
    over = ends_at is not None and moments.now() >= ends_at
    takes_part = permissions.thread_side_of(actor, case, seated=seated) is not None
    open_now = queries.has_thread(case) and not over
    answered = case.status in (*ANSWERED, *OVER) and case.opinion_stands
    return {
        "messages": [
            {"message": one, "text": one.text if clinical or one.for_coordinators else ""}
            for one in queries.newest_messages(case)
        ],
        "ends_at": ends_at,
        "over": over,
        "may_write": takes_part and open_now,
        "may_ask_again": over and answered and permissions.is_asking(actor, case),
        "organises": organises,
        "key": new_id(),
    }
