"""What the hours write: which openings are coming."""

import secrets
from datetime import timedelta

from django.contrib.postgres.aggregates import ArrayAgg

from scheduling.availability.models import Session, State
from scheduling.opening import rules
from scheduling.opening.models import Opening
from telemed.audit import services as audit
from telemed.core import moments
from telemed.core.intentions import require_intention

AHEAD = timedelta(minutes=35)  # more than tickets can be taken before the hour


def prepare() -> list[Opening]:
    """An opening for every institution whose places come out soon. Running it twice adds none."""
    require_intention()
    now = moments.now()
    soon = Session.objects.filter(
        state=State.PLANNED, release_at__gt=now, release_at__lte=now + AHEAD
    )
    groups = soon.order_by().values_list("organisation", "release_at")
    known = set(Opening.objects.filter(opens_at__gt=now).values_list("organisation", "opens_at"))
    made = []
    for organisation_id, opens_at, days in groups.annotate(days=ArrayAgg("day", distinct=True)):
        if (organisation_id, opens_at) in known or not rules.has_line(organisation_id):
            continue
        made.append(
            Opening(
                organisation_id=organisation_id,
                waits_at=opens_at - rules.length(rules.WAITS, organisation_id),
                opens_at=opens_at,
                draw_at=opens_at + rules.DRAW_AFTER,
                ends_at=opens_at + rules.length(rules.LONGEST, organisation_id),
                days=sorted(days),
                seed=secrets.token_hex(32),
            )
        )
    Opening.objects.bulk_create(made, ignore_conflicts=True)
    for opening in made:
        audit.record(action="opening.prepare", target=f"Organisation/{opening.organisation_id}")
    return made
