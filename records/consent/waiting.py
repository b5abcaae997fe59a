"""What waits for who reviews break-glass, as their first page says it."""

from django.urls import reverse
from django.utils.translation import ngettext

from records.consent import breakglass_queries as queries
from telemed.people.models import User
from telemed.web.needs import Need


def break_glass_to_review(actor: User) -> Need | None:
    """Emergency accesses that nobody has reviewed; red once one is past its day."""
    n = queries.count_to_review(actor)
    if not n:
        return None
    text = ngettext("{n} emergency access to review", "{n} emergency accesses to review", n)
    late = bool(actor.organisation_id and queries.count_overdue(actor.organisation_id))
    return Need(text.format(n=n), reverse("breakglass:reviews"), "lock", late)
