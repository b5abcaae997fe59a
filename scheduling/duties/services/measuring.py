"""What was measured at a visit, as values of the record (FHIR Observation)."""

from collections.abc import Mapping

from scheduling.duties.models import Duty, Kind, Reading, Visit
from scheduling.duties.services.finding import Findings
from telemed.core import publication
from telemed.core.intentions import require_intention
from telemed.people.models import User


def measure(*, actor: User, duty: Duty, found: Findings, visit: Visit | None = None) -> None:
    """One row a kind of value; what was entered again replaces it, as a version of its own."""
    require_intention()
    pressure = {"systolic": found.systolic, "diastolic": found.diastolic}
    if found.systolic:
        _put(actor, duty, visit, found, Kind.PRESSURE, pressure)
    if found.glucose is not None:
        _put(actor, duty, visit, found, Kind.GLUCOSE, {"glucose": found.glucose})


def strike(duty: Duty) -> None:
    """The entry was found to be wrong: its values say so, and stay."""
    require_intention()
    for reading in duty.readings.filter(visit=None, struck=False).select_for_update(no_key=True):
        reading.struck = True
        reading.save(update_fields=["struck"])
        publication.publish(reading)


def _put(
    actor: User,
    duty: Duty,
    visit: Visit | None,
    found: Findings,
    kind: Kind,
    values: Mapping[str, object],
) -> None:
    facts = {**values, "taken_by": actor, "taken_at": found.at(), "struck": False}
    reading, new = Reading.objects.update_or_create(
        duty=duty, visit=visit, kind=kind, defaults=facts
    )
    publication.publish(reading, new=new)
