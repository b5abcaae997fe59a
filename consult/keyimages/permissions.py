"""Rules of the house for key images."""

from consult.keyimages.models import KeyImage
from consult.requests.models import ANSWERED, HELD, UNANSWERED, Case
from consult.requests.permissions import is_asking, is_holder
from telemed.people.models import User

WORKED_ON = (*UNANSWERED, *HELD, *ANSWERED)


def may_keep(actor: User, case: Case) -> bool:
    """The doctors of either side, while there is something to decide."""
    return (is_asking(actor, case) or is_holder(actor, case)) and case.status in WORKED_ON


def may_remove(actor: User, key_image: KeyImage) -> bool:
    """Its owner alone."""
    return key_image.made_by_id == actor.pk


def may_place(actor: User, case: Case) -> bool:
    """Who writes the opinion says which key images go with it."""
    return is_holder(actor, case)
