"""Sessions that a hospital's own system keeps, over FHIR."""

from datetime import timedelta

import pytest

from records.fhir.models import Version
from records.fhir.walker import check
from scheduling.availability import services
from scheduling.availability.models import Disagreement, Period, Session
from telemed.audit.models import AuditRow
from telemed.core import publication
from telemed.core.intentions import intention
from telemed.people.models import Application, User
from telemed.people.services import account_of
from tests.factories.fhir import application_token, token_for
from tests.factories.people import DepartmentFactory, OrganisationFactory, StaffFactory
from tests.factories.scheduling import (
    PeriodFactory,
    SessionFactory,
    at,
    doctor_of,
    in_days,
    places_of,
)
from tests.marks import committed
from tests.racing import race
from tests.records.fhir.asgi import Client, together
from tests.scheduling.availability.his import (
    CAPACITY,
    HIS,
    SCHEDULE,
    integer,
    kept,
    schedule,
    slot,
    slot_at,
)

pytestmark = committed


@pytest.fixture
def department():
    return DepartmentFactory(name="心内科")


def take(period):
    with intention(StaffFactory(role="desk"), door="test"):
        return services.take_place(period_id=period.pk, pools=["public"])[0].starts_at


def test_a_schedule_makes_a_session_that_the_system_keeps(system, doctor, department):
    answer = system.put(SCHEDULE, schedule(doctor))
    assert answer.status == 201, answer.body
    assert not check(answer.json)[0]
    made = kept()
    assert (made.clinician, made.department, made.state) == (doctor, department, "published")
    assert answer.json["identifier"] == [{"system": HIS, "value": "m-1"}]
    assert answer.headers["location"].endswith(f"/Schedule/{made.pk}/_history/1")
    assert [places_of(p) for p in made.periods.all()] == [{"public": (0, 4)}] * 4
    assert system.get(SCHEDULE).ids == [str(made.pk)]
    assert len(system.get(f"/fhir/Slot?schedule={made.pk}&status=free").ids) == 4
    row = AuditRow.objects.get(action="session.plan")
    assert row.actor_id == Application.objects.get().actor_id


def test_the_same_again_changes_nothing(system, doctor):
    first = system.put(SCHEDULE, schedule(doctor))
    system.put(slot_at("s-1"), slot(capacity=2))
    before = (Version.objects.count(), list(Period.objects.order_by("pk").values()))
    again = system.put(SCHEDULE, schedule(doctor))
    assert (again.status, again.json) == (200, first.json)
    assert system.put(slot_at("s-1"), slot(capacity=2)).status == 200
    assert (Version.objects.count(), list(Period.objects.order_by("pk").values())) == before


def test_what_nobody_booked_moves_and_shares_are_laid_out(system, doctor):
    system.put(SCHEDULE, schedule(doctor))
    share = {
        "url": "urn:telemed:pool-share",
        "extension": [{"url": "pool", "valueCode": "walk_in"}, integer("percent", 50)],
    }
    moved = schedule(doctor, hours=(9, 10))
    moved["extension"] = [integer(CAPACITY, 2), share]
    answer = system.put(SCHEDULE, moved)
    assert answer.status == 200, answer.body
    assert answer.headers["etag"] == 'W/"2"'
    assert [places_of(p) for p in kept().periods.order_by("starts_at")] == [
        {"public": (0, 1), "walk_in": (0, 1)}
    ] * 2
    by_id = system.put(f"/fhir/Schedule/{kept().pk}", {**schedule(doctor), "id": str(kept().pk)})
    assert (by_id.status, kept().periods.count()) == (200, 4), by_id.body


def test_slots_make_and_move_the_periods_of_a_session_without_a_number(system, doctor):
    assert system.put(SCHEDULE, schedule(doctor, capacity=None)).status == 201
    answer = system.put(slot_at("s-1"), slot(8, minutes=20, capacity=3))
    assert answer.status == 201, answer.body
    assert not check(answer.json)[0]
    assert (answer.json["status"], answer.json["identifier"][0]["value"]) == ("free", "s-1")
    assert system.put(slot_at("s-2"), slot(8, capacity=3)).status == 409  # overlaps
    moved = system.put(slot_at("s-1"), slot(9, capacity=1))
    assert (moved.status, moved.json["id"]) == (200, answer.json["id"]), moved.body
    desk = {
        "extension": [integer(CAPACITY, 1), {"url": "urn:telemed:pool", "valueCode": "walk_in"}]
    }
    assert system.put(slot_at("s-1"), slot(9, **desk)).status == 200
    [period] = kept().periods.all()
    assert {k: v for k, v in places_of(period).items() if v[1]} == {"walk_in": (0, 1)}
    gone = system.put(slot_at("s-1"), slot(9, status="busy-unavailable"))
    assert (gone.status, gone.json["status"]) == (200, "busy-unavailable")
    assert system.put(slot_at("s-1"), slot(9)).json["status"] == "free"


def test_a_batch_brings_a_day(system, doctor):
    entries = [
        (SCHEDULE, schedule(doctor, capacity=None)),
        (slot_at("a"), slot(8)),
        (slot_at("b"), slot(9)),
    ]
    bundle = {
        "resourceType": "Bundle",
        "type": "batch",
        "entry": [
            {"request": {"method": "PUT", "url": url.removeprefix("/fhir/")}, "resource": one}
            for url, one in entries
        ],
    }
    answer = system.post("/fhir", bundle)
    assert [e["response"]["status"] for e in answer.json["entry"]] == ["201"] * 3, answer.body
    transaction = system.post("/fhir", {**bundle, "type": "transaction"})
    assert (transaction.status, transaction.issue["code"]) == (400, "not-supported")


@pytest.mark.parametrize(
    ("change", "status", "path"),
    [
        ({"day": -1}, 422, "Schedule.planningHorizon"),
        ({"actor": [{"type": "HealthcareService", "display": "没有的科"}]}, 422, "Schedule.actor"),
        ({"hours": (10, 8)}, 422, "Schedule.planningHorizon"),
        ({"capacity": 500}, 422, "Schedule.extension"),
        ({"planningHorizon": {"start": "2030-01-01"}}, 422, "Schedule.planningHorizon"),
        ({"actor": [{"reference": "Practitioner/nobody"}]}, 422, "Schedule.actor"),
        ({"actor": [{"display": "谁"}]}, 422, "Schedule.actor"),
        ({"identifier": [{"system": HIS, "value": "m-2"}]}, 422, "Schedule.identifier"),
        ({"active": False}, 404, "Schedule.active"),
    ],
)
def test_what_cannot_be_is_refused_in_words(system, doctor, change, status, path):
    answer = system.put(SCHEDULE, schedule(doctor, **change))
    assert answer.status == status, answer.body
    assert answer.issue["expression"][0].startswith(path)
    assert not Session.objects.exists()


def test_the_same_doctor_or_room_is_not_in_two_sessions(system, doctor, department):
    room = [
        {"reference": f"Practitioner/{doctor.practitioner.pk}"},
        {"type": "Location", "display": "3诊室"},
    ]
    SessionFactory(department=department, room="3诊室")
    other = doctor_of(department)
    for who, actors in ((doctor, room), (other, room)):
        answer = system.put(SCHEDULE, schedule(who, actor=actors))
        assert (answer.status, answer.issue["code"]) == (409, "conflict"), answer.body
        assert "Overlaps the session" in answer.issue["diagnostics"]
    assert Session.objects.count() == 1


@pytest.mark.parametrize(
    "condition", ["", "?identifier=m-1", "?status=x", "?identifier=a|b&identifier=c|d"]
)
def test_the_condition_is_one_whole_identifier(system, doctor, condition):
    answer = system.put(f"/fhir/Schedule{condition}", schedule(doctor))
    assert (answer.status, answer.issue["code"]) == (400, "not-supported")


def test_who_is_no_system_or_lacks_the_scope_keeps_nothing(department, doctor):
    desk = StaffFactory(role="desk", organisation=department.organisation)
    read_only = application_token("system/Schedule.ru", organisation=department.organisation)
    for token, said in ((token_for(desk), "registered systems"), (read_only, "scopes")):
        for path, body in ((SCHEDULE, schedule(doctor)), (slot_at("s"), slot())):
            answer = Client(token).put(path, body)
            assert answer.status == 403, answer.body
            if path == SCHEDULE:
                assert said in answer.issue["diagnostics"]
    assert not Session.objects.exists()


def test_a_foreign_system_reaches_nothing_here(system, department, doctor):
    system.put(SCHEDULE, schedule(doctor))
    foreign = Client(application_token(organisation=OrganisationFactory()))
    mine = kept()
    answer = foreign.put(f"/fhir/Schedule/{mine.pk}", {**schedule(doctor), "id": str(mine.pk)})
    assert answer.status == 404
    assert foreign.put(SCHEDULE, schedule(doctor, active=False)).status in (404, 422)
    assert foreign.put(slot_at("s"), slot()).status == 422
    neighbour = Client(application_token(organisation=department.organisation))
    answer = neighbour.put(f"/fhir/Schedule/{mine.pk}", {**schedule(doctor), "id": str(mine.pk)})
    assert answer.status == 403
    assert Session.objects.get() == mine


def test_what_people_planned_is_not_the_systems(system, department, doctor):
    by_hand = PeriodFactory(session=SessionFactory(department=department)).session
    with intention(StaffFactory(role="desk"), door="test"):
        publication.publish(by_hand)
    answer = system.put(f"/fhir/Schedule/{by_hand.pk}", {**schedule(doctor), "id": str(by_hand.pk)})
    assert (answer.status, "hospital's pages" in answer.issue["diagnostics"]) == (403, True)
    named = slot(schedule={"reference": f"Schedule/{by_hand.pk}"})
    assert system.put(slot_at("s"), named).status == 422
    assert by_hand.periods.count() == 1


def test_moving_cutting_or_dropping_what_is_booked_is_refused_and_written_down(system, doctor):
    system.put(SCHEDULE, schedule(doctor, capacity=2))
    first, *_rest = kept().periods.order_by("starts_at")
    take(first)
    take(first)
    versions = Version.objects.count()
    for sent, said in (
        (schedule(doctor, hours=(9, 10), capacity=2), "it is"),
        (schedule(doctor, capacity=1), "1 place"),
        (schedule(doctor, capacity=2, active=False), "it is not held"),
    ):
        answer = system.put(SCHEDULE, sent)
        assert (answer.status, answer.issue["code"]) == (409, "conflict"), answer.body
        assert said in answer.issue["diagnostics"]
        assert "2 people are booked" in answer.issue["diagnostics"]
    assert (kept().state, kept().capacity, kept().periods.count()) == ("published", 2, 4)
    row = Disagreement.objects.get()
    assert (row.kind, row.state, row.here) == ("dropped", "open", {"booked": 2})
    found = system.get(f"/fhir/Basic?subject=Schedule/{kept().pk}")
    [told] = found.resources
    assert not check(told)[0]
    assert (told["id"], told["code"]["coding"][0]["code"]) == (str(row.pk), "dropped")
    assert Version.objects.count() == versions + 3  # of the Basic alone
    assert system.put(SCHEDULE, schedule(doctor, capacity=2)).status == 200
    row.refresh_from_db()
    assert row.state == "over"


def test_another_count_of_free_places_is_shown_until_somebody_decides(system, doctor, department):
    system.put(SCHEDULE, schedule(doctor, capacity=None))
    assert system.put(slot_at("s"), slot(capacity=4, free=3)).status == 422
    system.put(slot_at("s"), slot(capacity=4))
    period = kept().periods.get()
    take(period)
    assert system.put(slot_at("s"), slot(capacity=4, free=3)).status == 200
    for _twice in range(2):
        answer = system.put(slot_at("s"), slot(capacity=4, free=1))
        assert answer.status == 409
        assert "1 free" in answer.issue["diagnostics"]
        assert "3 free, 1 person is booked" in answer.issue["diagnostics"]
    row = Disagreement.objects.get()
    desk = StaffFactory(role="desk", organisation=department.organisation)
    with intention(desk, door="test"):
        services.settle(actor=desk, disagreement_id=row.pk, choice="theirs", reason="窗口已给出")
    assert places_of(period) == {"public": (1, 2)}
    assert system.put(slot_at("s"), slot(capacity=4, free=1)).status == 200
    assert places_of(period) == {"public": (1, 2)}


def test_the_desk_keeps_ours_and_the_system_is_told_why(system, doctor, department):
    system.put(SCHEDULE, schedule(doctor))
    take(kept().periods.first())
    dropped = schedule(doctor, active=False)
    system.put(SCHEDULE, dropped)
    row = Disagreement.objects.get()
    desk = StaffFactory(role="desk", organisation=department.organisation)
    with intention(desk, door="test"):
        services.settle(actor=desk, disagreement_id=row.pk, choice="ours", reason="改由王医生坐诊")
    answer = system.put(SCHEDULE, dropped)
    assert answer.status == 409
    assert "改由王医生坐诊" in answer.issue["diagnostics"]
    assert Disagreement.objects.get().state == "ours"


def test_the_desk_takes_theirs_and_the_session_is_stopped(system, doctor, department):
    system.put(SCHEDULE, schedule(doctor))
    take(kept().periods.first())
    system.put(SCHEDULE, schedule(doctor, active=False))
    desk = StaffFactory(role="desk", organisation=department.organisation)
    with intention(desk, door="test"):
        row = Disagreement.objects.get()
        services.settle(actor=desk, disagreement_id=row.pk, choice="theirs", reason="医生外出")
    assert kept().state == "stopped"
    assert system.put(SCHEDULE, schedule(doctor, active=False)).status == 200


def test_nobody_signs_in_to_the_systems_account(system, doctor):
    system.put(SCHEDULE, schedule(doctor))
    account = User.objects.get(application__isnull=False)
    assert not account.is_active
    assert not account.has_usable_password()
    assert account.acting_as is None
    assert not account.roles.exists()


def test_moving_a_period_and_booking_its_last_place_take_turns(system, doctor, department):
    system.put(SCHEDULE, schedule(doctor, capacity=None))
    system.put(slot_at("s"), slot(capacity=1))
    period = kept().periods.get()
    application = Application.objects.get()
    times = []
    ended = race([lambda: times.append(take(period)), lambda: move(application)])
    period.refresh_from_db()
    assert places_of(period) == {"public": (1, 1)}
    # Who booked first keeps the time; who came after the move has booked the new one.
    assert times == [period.starts_at]
    assert ended in ({"won": 2}, {"won": 1, "Differs": 1})


def test_a_slot_that_is_booked_is_not_moved_cut_or_dropped(system, doctor):
    system.put(SCHEDULE, schedule(doctor, capacity=None))
    system.put(slot_at("s"), slot(capacity=2))
    period = kept().periods.get()
    take(period)
    take(period)
    for sent, kind in (
        (slot(9, capacity=2), "moved"),
        (slot(capacity=1), "below"),
        (slot(status="busy-unavailable"), "dropped"),
    ):
        answer = system.put(slot_at("s"), sent)
        assert (answer.status, answer.issue["expression"]) == (409, ["Slot"]), answer.body
        row = Disagreement.objects.get()
        assert (row.kind, row.period, row.state) == (kind, period, "open")
    [told] = system.get(f"/fhir/Basic?subject=Slot/{period.pk}").resources
    assert told["code"]["coding"][0]["code"] == "dropped"
    assert list(kept().periods.values("starts_at", "capacity", "state")) == [
        {"starts_at": period.starts_at, "capacity": 2, "state": "open"}
    ]
    assert system.put(slot_at("s"), slot(capacity=2)).status == 200
    assert Disagreement.objects.get().state == "over"


def move(application):
    with intention(application, door="test"):
        account = account_of(application=application)
        session = kept()
        begin = at(in_days(7), 9)
        services.keep_period(
            actor=account,
            wanted=services.WantedPeriod(
                identifier=f"{HIS}|s",
                session_id=session.pk,
                starts_at=begin,
                ends_at=begin + timedelta(minutes=30),
                capacity=1,
            ),
        )


def test_two_that_make_the_same_session_make_one(system, doctor):
    answers = together(*(system.ask("PUT", SCHEDULE, schedule(doctor)) for _ in range(4)))
    assert {answer.status for answer in answers} <= {200, 201, 409}
    assert Session.objects.count() == 1
    assert kept().periods.count() == 4
