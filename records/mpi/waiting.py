"""What waits for who reviews pairs of records, as their first page says it."""

from django.urls import reverse
from django.utils.translation import ngettext

from records.mpi import queries
from telemed.people.models import User
from telemed.web.needs import Need


def pairs_to_review(actor: User) -> Need | None:
    """Possible doubles that wait for a decision of the actor's institution."""
    n = queries.count_waiting(actor)
    if not n:
        return None
    text = ngettext("{n} possible double to review", "{n} possible doubles to review", n)
    return Need(text.format(n=n), reverse("pairs:queue"), "users")
