"""Slots: periods, searched in our own tables."""

from datetime import timedelta

import pytest
from fhir.resources.R4B.slot import Slot

from records.fhir.walker import check
from scheduling.availability import slots
from scheduling.availability.models import PeriodPool
from telemed.audit.models import AuditRow
from tests.factories.fhir import application_token, token_for
from tests.factories.people import StaffFactory
from tests.factories.scheduling import PeriodFactory, SessionFactory
from tests.marks import committed
from tests.records.fhir.asgi import Client

pytestmark = committed


@pytest.fixture
def app():
    return Client(application_token())


@pytest.fixture
def periods():
    """Free, full, closed and planned, in this order, of one session."""
    first = PeriodFactory(public=2, walk_in=1)
    states = ["open", "closed", "planned"]
    others = [
        PeriodFactory(
            session=first.session,
            starts_at=first.starts_at + timedelta(minutes=30 * n),
            state=state,
            public=2,
        )
        for n, state in enumerate(states, start=1)
    ]
    PeriodPool.objects.filter(period=others[0]).update(taken=2)
    PeriodPool.objects.filter(period=first, pool="public").update(taken=1)
    return [first, *others]


def found(app, query):
    answer = app.get(f"/fhir/Slot?{query}")
    assert answer.status == 200, answer.body
    return answer


def ids(answer):
    return [one["id"] for one in answer.resources]


def test_free_busy_and_unavailable_and_nothing_before_it_is_published(app, periods):
    schedule = f"schedule=Schedule/{periods[0].session_id}"
    statuses = {one["id"]: one["status"] for one in found(app, schedule).resources}
    assert statuses == dict(
        zip(
            [str(one.pk) for one in periods],
            ["free", "busy", "busy-unavailable"],
            strict=False,
        )
    )
    assert ids(found(app, f"{schedule}&status=free")) == [str(periods[0].pk)]
    assert len(ids(found(app, f"{schedule}&status=busy,busy-unavailable"))) == 2
    assert AuditRow.objects.filter(action="fhir.search", target="Slot?schedule,status").exists()


def test_a_slot_says_how_many_places_and_passes_the_gate(app, periods):
    answer = app.get(f"/fhir/Slot/{periods[0].pk}")
    assert answer.status == 200
    issues, _values = check(answer.json)
    assert not issues
    assert Slot.model_validate(answer.json).status == "free"
    said = {one["url"]: one["valueInteger"] for one in answer.json["extension"]}
    assert said == {slots.CAPACITY: 3, slots.FREE: 2}
    assert answer.json["schedule"] == {"reference": f"Schedule/{periods[0].session_id}"}
    assert app.get(f"/fhir/Slot/{periods[3].pk}").status == 404


def test_from_when_on_and_page_by_page(app, periods):
    other = PeriodFactory(session=SessionFactory(day=periods[0].session.day + timedelta(days=3)))
    day = periods[0].session.day.isoformat()
    assert len(ids(found(app, f"start=ge{day}"))) == 4
    assert ids(found(app, f"start=gt{day}")) == [str(other.pk)]
    page = found(app, f"start=ge{day}&_count=3&_total=accurate")
    assert (ids(page), page.json["total"]) == ([str(one.pk) for one in periods[:3]], 4)
    following = next(one["url"] for one in page.json["link"] if one["relation"] == "next")
    assert ids(app.get(following[following.index("/fhir/") :])) == [str(other.pk)]
    assert ids(found(app, "_sort=-start"))[0] == str(other.pk)
    assert found(app, "status=free&_summary=count").json["total"] == 2


def test_whoever_may_read_slots_reads_them_and_nobody_without_the_scope(periods):
    doctor = StaffFactory(role="specialist")
    assert len(ids(found(Client(token_for(doctor, "user/Slot.rs")), "status=free"))) == 1
    narrow = Client(application_token("system/Patient.rs"))
    assert narrow.get("/fhir/Slot?status=free").status == 403
    assert narrow.get(f"/fhir/Slot/{periods[0].pk}").status == 403


def test_nonsense_is_refused_and_foreign_slots_stay_as_received(app, periods):
    assert app.get("/fhir/Slot?status=perhaps").status == 400
    assert app.get("/fhir/Slot?start=gesoon").status == 400
    foreign = {
        "resourceType": "Slot",
        "schedule": {"reference": "Schedule/abroad"},
        "status": "busy-tentative",
        "start": "2030-01-01T08:00:00+08:00",
        "end": "2030-01-01T09:00:00+08:00",
    }
    made = app.post("/fhir/Slot", foreign).json["id"]
    assert app.get(f"/fhir/Slot/{made}").json["status"] == "busy-tentative"
    assert ids(found(app, "schedule=Schedule/abroad")) == [made]
