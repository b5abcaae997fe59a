"""What a hospital's own system sends over FHIR: its sessions and their periods."""

from datetime import timedelta

from scheduling.availability.models import Session
from tests.factories.scheduling import at, in_days

HIS = "urn:his"
SCHEDULE = f"/fhir/Schedule?identifier={HIS}|m-1"
CAPACITY, FREE = "urn:telemed:slot-capacity", "urn:telemed:slot-free"


def integer(url, value):
    return {"url": url, "valueInteger": value}


def schedule(doctor, *, day=7, hours=(8, 10), capacity=4, **more):
    when = in_days(day)
    places = {"extension": [integer(CAPACITY, capacity)]} if capacity else {}
    return {
        "resourceType": "Schedule",
        **places,
        "identifier": [{"system": HIS, "value": "m-1"}],
        "active": True,
        "actor": [{"reference": f"Practitioner/{doctor.practitioner.pk}"}],
        "planningHorizon": {
            "start": at(when, hours[0]).isoformat(),
            "end": at(when, hours[1]).isoformat(),
        },
        **more,
    }


def slot(start=8, *, minutes=30, day=7, capacity=2, free=None, status="free", **more):
    begin = at(in_days(day), 0) + timedelta(hours=start)
    counts = [integer(CAPACITY, capacity)]
    counts += [integer(FREE, free)] if free is not None else []
    return {
        "resourceType": "Slot",
        "extension": counts,
        "schedule": {"identifier": {"system": HIS, "value": "m-1"}},
        "status": status,
        "start": begin.isoformat(),
        "end": (begin + timedelta(minutes=minutes)).isoformat(),
        **more,
    }


def slot_at(value):
    return f"/fhir/Slot?identifier={HIS}|{value}"


def kept():
    return Session.objects.get(identifier=f"{HIS}|m-1")
