"""What became of a case: who was told what, and which steps it took."""

import json

from records.fhir.models import Resource, Version
from telemed.core.models import Clock, ClockState
from telemed.notifications.models import Notification


def told(user):
    return list(
        Notification.objects.filter(recipient=user)
        .order_by("id")
        .values_list("template", flat=True)
    )


def actions(case):
    return list(case.steps.order_by("at", "id").values_list("action", flat=True))


def published(pk):
    """The newest version that the world reads under this id; None where there is none."""
    row = Resource.objects.filter(fhir_id=str(pk)).first()
    if row is None:
        return None
    newest = Version.objects.filter(rid=row.rid).order_by("-version").first()
    return json.loads(newest.body)


def clock_states(case, kind):
    """The states of the rungs of one clock that were not stopped."""
    clocks = Clock.objects.filter(about=case.pk, kind=kind).exclude(state=ClockState.STOPPED)
    return set(clocks.values_list("state", flat=True))
