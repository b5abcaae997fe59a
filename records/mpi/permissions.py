"""Who may register a person, as far as their role goes."""

from telemed.core.intentions import Actor
from telemed.people.models import CLINICAL

REGISTRARS = CLINICAL | {"system"}  # the system: imports and the demonstration


def may_register(actor: Actor) -> bool:
    return actor.role in REGISTRARS
