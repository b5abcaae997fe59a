"""What of the sessions waits for somebody, as their first page says it."""

from django.urls import reverse
from django.utils.translation import ngettext

from scheduling.availability.permissions import may_see_to_stop
from scheduling.availability.to_stop import count_at
from telemed.people.models import User
from telemed.web.needs import Need


def sessions_to_stop(actor: User) -> Need | None:
    """Their doctor may see nobody then: people are booked, and nobody comes."""
    n = count_at(actor.organisation_id) if may_see_to_stop(actor) else 0
    if not n:
        return None
    text = ngettext("{n} session has to be stopped", "{n} sessions have to be stopped", n)
    return Need(text.format(n=n), reverse("sessions:to_stop"), "alert", late=True)
