"""What was measured at a visit, as values of the record (FHIR Observation)."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from scheduling.duties import calendar
from scheduling.duties.items import Entries, Part
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
    for part in calendar.parts(duty):
        for kind, values in _values(part, found.entries):
            _put(actor, duty, visit, found, kind, values)


def _values(part: Part, entries: Entries) -> Iterator[tuple[str, dict[str, object]]]:
    """Of a part: each item that is a value by itself; of a score the sum."""
    if part.sums and part.items[0].field in entries:
        yield f"{part.key}_sum", {"value": Decimal(part.score(entries))}
    for item in part.items:
        value = entries.get(item.field)
        if value and item.loinc:
            yield item.key, {"word": value} if item.choices else {"value": Decimal(value)}


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
    kind: str,
    values: Mapping[str, object],
) -> None:
    facts = {**values, "taken_by": actor, "taken_at": found.at(), "struck": False}
    reading, new = Reading.objects.update_or_create(
        duty=duty, visit=visit, kind=kind, defaults=facts
    )
    publication.publish(reading, new=new)
