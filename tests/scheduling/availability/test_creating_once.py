"""What a hospital's own system creates only where it is not there yet (If-None-Exist)."""

from urllib.parse import quote

import pytest

from records.fhir.models import Version
from scheduling.availability.models import Period, Session
from tests.factories.fhir import application_token
from tests.factories.people import DepartmentFactory
from tests.factories.scheduling import doctor_of, in_days
from tests.marks import committed
from tests.records.fhir.asgi import Client, together
from tests.scheduling.availability.his import HIS, SCHEDULE, kept, schedule, slot

pytestmark = committed


def test_a_schedule_and_its_slots_are_created_only_where_they_are_not_there_yet(system, doctor):
    condition = f"identifier={HIS}|m-1"
    made = system.post("/fhir/Schedule", schedule(doctor, capacity=None), if_none_exist=condition)
    assert made.status == 201, made.body
    before = Version.objects.count()
    other = schedule(doctor, hours=(9, 12))
    again = system.post("/fhir/Schedule", other, if_none_exist=condition)
    assert (again.status, again.json) == (200, made.json)
    assert Version.objects.count() == before
    named = slot(8, identifier=[{"system": HIS, "value": "s-1"}])
    whole = f"schedule=Schedule/{kept().pk}&start={quote(named['start'])}"
    for condition, status in ((f"identifier={HIS}|s-1", 201), (whole, 200)):
        answer = system.post("/fhir/Slot", named, if_none_exist=condition)
        assert (answer.status, answer.json["status"]) == (status, "free"), answer.body
    assert Period.objects.count() == 1


def test_where_several_schedules_or_slots_fit_nothing_is_made(system, doctor):
    system.put(SCHEDULE, schedule(doctor))
    second = schedule(doctor, hours=(14, 16), identifier=[{"system": HIS, "value": "m-2"}])
    assert system.put(f"/fhir/Schedule?identifier={HIS}|m-2", second).status == 201
    day = f"actor=Practitioner/{doctor.practitioner.pk}&date={in_days(7)}"
    third = schedule(doctor, hours=(17, 18), identifier=[{"system": HIS, "value": "m-3"}])
    answer = system.post("/fhir/Schedule", third, if_none_exist=day)
    assert (answer.status, answer.issue["code"]) == (412, "multiple-matches"), answer.body
    named = slot(17, identifier=[{"system": HIS, "value": "s-9"}])
    answer = system.post("/fhir/Slot", named, if_none_exist=f"schedule={kept().pk}")
    assert (answer.status, answer.issue["code"]) == (412, "multiple-matches"), answer.body
    assert Session.objects.count() == 2


def test_another_systems_schedule_of_that_number_is_not_the_one(system, doctor):
    system.put(SCHEDULE, schedule(doctor))
    department = DepartmentFactory()
    theirs = Client(application_token(organisation=department.organisation))
    body = schedule(doctor_of(department))
    answer = theirs.post("/fhir/Schedule", body, if_none_exist=f"identifier={HIS}|m-1")
    assert answer.status == 201, answer.body


@pytest.mark.parametrize(
    ("condition", "more", "status", "path"),
    [
        ("active=true", {}, 400, "Schedule?active"),
        ("identifier=m-1", {}, 422, "Schedule.identifier"),
        (f"date={in_days(7)}", {"identifier": []}, 422, "Schedule.identifier"),
        ("date=tomorrow", {}, 400, "Schedule?date"),
        ("actor=Practitioner/nobody", {}, 201, ""),
    ],
)
def test_a_condition_on_a_schedule_is_one_that_it_knows(
    system, doctor, condition, more, status, path
):
    body = {key: value for key, value in schedule(doctor, **more).items() if value}
    answer = system.post("/fhir/Schedule", body, if_none_exist=condition)
    assert answer.status == status, answer.body
    assert status == 201 or answer.issue["expression"] == [path]


def test_a_batch_creates_what_is_not_there_and_a_transaction_says_why_it_does_not(system, doctor):
    entries = [
        {
            "request": {
                "method": "POST",
                "url": name,
                "ifNoneExist": f"identifier={HIS}|{number}",
            },
            "resource": body,
        }
        for name, number, body in (
            ("Schedule", "m-1", schedule(doctor, capacity=None)),
            ("Slot", "s-1", slot(8)),
        )
    ]
    bundle = {"resourceType": "Bundle", "type": "batch", "entry": entries}
    for status in ("201", "200"):
        answer = system.post("/fhir", bundle)
        said = [e["response"]["status"] for e in answer.json["entry"]]
        assert said == [status] * 2, answer.body
    transaction = system.post("/fhir", {**bundle, "type": "transaction"})
    assert (transaction.status, transaction.issue["code"]) == (400, "not-supported")
    assert "batch" in transaction.issue["diagnostics"]


def test_at_once_a_schedule_is_created_once(system, doctor):
    body, condition = schedule(doctor), {"if-none-exist": f"identifier={HIS}|m-1"}
    answers = together(*(system.ask("POST", "/fhir/Schedule", body, **condition) for _ in range(4)))
    assert sorted(answer.status for answer in answers) == [200, 200, 200, 201]
