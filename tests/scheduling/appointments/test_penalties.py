"""Points for missed visits: when they count, what they close, and how they are taken back."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import timezone, translation

from records.mpi.models import Patient
from scheduling.appointments import penalties, services
from scheduling.appointments.models import Appeal, Appointment, Block, Status, Strike
from telemed.core import clocks
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.models import Clock
from telemed.notifications.models import Notification
from telemed.organisations.models import Organisation
from tests.consult.requests.looking import published
from tests.factories.people import (
    DivisionFactory,
    OrganisationFactory,
    PatientFactory,
    StaffFactory,
    UserFactory,
)
from tests.factories.registration import TeamFactory, signed
from tests.factories.scheduling import PeriodFactory, SessionFactory, in_days

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def resident():
    return PatientFactory(user=UserFactory()).user


@pytest.fixture
def period():
    return PeriodFactory(public=4, walk_in=1)


@pytest.fixture
def coordinator(period):
    return StaffFactory(role="coordinator", organisation=period.organisation)


def book(by, actor, period, patient=None):
    with by(actor):
        return services.book(actor=actor, patient=patient or actor.patient, period_id=period.pk)


def missed(by, actor, period):
    """Booked, and nobody came."""
    booked = book(by, actor, period)
    with time_machine.travel(period.session.ends_at + timedelta(minutes=30)), by(actor):
        services.miss(session_id=period.session_id)
    booked.refresh_from_db()
    return booked


def counted(by, actor, period, times=1):
    """So many missed visits, on days before, each of which counts."""
    strikes = []
    for n in range(times):
        there = PeriodFactory(
            session=SessionFactory(department=period.department, day=in_days(2 + n))
        )
        booked = missed(by, actor, there)
        fire("appointment.noshow")
        strikes.append(Strike.objects.get(appointment=booked))
    return strikes


def fire(kind):
    with time_machine.travel(Clock.objects.filter(kind=kind, state="running").latest("pk").due_at):
        clocks.fire_due()


def points(actor, period):
    return penalties.points_of(actor.patient.pk, period.organisation_id)


def after(period):
    """A month on: everything that was missed is over."""
    return time_machine.travel(period.session.ends_at + timedelta(days=10))


def test_a_missed_visit_counts_the_next_morning(by, resident, period):
    booked = missed(by, resident, period)
    strike = Strike.objects.get(appointment=booked)
    assert (strike.kind, strike.state, strike.points) == ("missed", "noted", 2)
    clock = Clock.objects.get(about=booked.pk, kind="appointment.noshow")
    assert timezone.localtime(clock.due_at).hour == 8
    fire("appointment.noshow")
    strike.refresh_from_db()
    assert (strike.state, points(resident, period)) == ("counted", 2)


def test_cancelling_late_is_one_point_after_the_minutes_of_undo(by, resident, period):
    booked = book(by, resident, period)
    with time_machine.travel(period.starts_at - timedelta(hours=3)):
        for _again in range(2):
            with by(resident):
                services.cancel(actor=resident, appointment_id=booked.pk)
            with by(resident):
                services.undo_cancel(actor=resident, appointment_id=booked.pk)
            assert Strike.objects.get().state == Strike.State.VOID
        with by(resident):
            services.cancel(actor=resident, appointment_id=booked.pk)
    fire("appointment.noshow")
    assert points(resident, period) == 1


def test_three_missed_visits_close_booking_from_afar_and_nothing_else(by, resident, period):
    counted(by, resident, period, times=3)
    block = Block.objects.get()
    assert block.kind == Block.Kind.POINTS
    assert Notification.objects.filter(template="penalty.blocked", recipient=resident).exists()
    with pytest.raises(Conflict, match=r"limited until .*; appeal, use the desk"):
        book(by, resident, period)
    other = PeriodFactory(session=SessionFactory(day=in_days(9)))  # of another hospital
    book(by, resident, other)
    clerk = StaffFactory(role="desk", organisation=period.organisation)
    assert book(by, clerk, period, resident.patient).pool == "walk_in"


def test_the_family_doctors_places_stay_open(by, resident):
    period = PeriodFactory(public=2, family_doctor=1)
    counted(by, resident, period, times=3)
    team = TeamFactory()
    Patient.objects.filter(pk=resident.patient.pk).update(managing_organisation=team.organisation)
    signed(team, Patient.objects.get(pk=resident.patient.pk))
    assert book(by, resident, period).pool == "family_doctor"


def test_points_are_forgotten_after_their_time(by, resident, period):
    counted(by, resident, period, times=3)
    assert points(resident, period) == 6
    with time_machine.travel(timezone.now() + timedelta(days=200)):
        assert points(resident, period) == 0
        assert penalties.blocks_in_force(resident.patient.pk, period.organisation_id) == []


def test_ten_cancellations_in_a_month_close_public_places(by, resident, period):
    for n in range(10):
        there = PeriodFactory(
            session=SessionFactory(department=period.department, day=in_days(3 + n))
        )
        booked = book(by, resident, there)
        with by(resident):
            services.cancel(actor=resident, appointment_id=booked.pk)
    assert [one.kind for one in Block.objects.all()] == ["cancellations"]
    with pytest.raises(Conflict, match="limited until"):
        book(by, resident, period)


def test_an_appeal_suspends_the_block_and_another_person_decides(by, resident, period, coordinator):
    strike = counted(by, resident, period, times=3)[0]
    with by(resident), pytest.raises(Invalid, match="at least 5"):
        services.appeal(actor=resident, strike_id=strike.pk, reason="没")
    with by(resident):
        filed = services.appeal(actor=resident, strike_id=strike.pk, reason="当天塌方，班车停开")
        again = services.appeal(actor=resident, strike_id=strike.pk, reason="当天塌方，班车停开")
    assert filed == again
    assert Block.objects.get().state == Block.State.SUSPENDED
    book(by, resident, period)
    assert Clock.objects.filter(about=filed.pk, kind="penalty.appeal", calendar="working").exists()
    stranger = StaffFactory(role="coordinator")
    with by(stranger), pytest.raises(NotFound):
        services.decide_appeal(actor=stranger, appeal_id=filed.pk, upheld=True)
    Strike.objects.filter(pk=strike.pk).update(marked_by=coordinator)
    with by(coordinator), pytest.raises(Forbidden, match="Somebody else"):
        services.decide_appeal(actor=coordinator, appeal_id=filed.pk, upheld=True)
    other = StaffFactory(role="administrator", organisation=period.organisation)
    with by(other):
        services.decide_appeal(actor=other, appeal_id=filed.pk, upheld=True)
    strike.refresh_from_db()
    assert (strike.state, Block.objects.get().state) == ("void", "lifted")
    assert Notification.objects.filter(template="penalty.lifted").exists()
    with by(other), pytest.raises(Conflict, match="has been decided"):
        services.decide_appeal(actor=other, appeal_id=filed.pk, upheld=False, reason="重复申诉了")


def test_a_rejected_appeal_says_why_and_the_block_holds_again(by, resident, period, coordinator):
    strike = counted(by, resident, period, times=3)[0]
    with by(resident):
        filed = services.appeal(actor=resident, strike_id=strike.pk, reason="我记错了日子")
    with by(coordinator), pytest.raises(Invalid, match="at least 5"):
        services.decide_appeal(actor=coordinator, appeal_id=filed.pk, upheld=False)
    with by(coordinator):
        services.decide_appeal(
            actor=coordinator, appeal_id=filed.pk, upheld=False, reason="记错日子不属于可免情形"
        )
    assert Block.objects.get().state == Block.State.ACTIVE
    with pytest.raises(IntegrityError, match="a_rejection_says_why"):
        Appeal.objects.update(decision="")


def test_an_appeal_is_possible_for_thirty_days_and_by_nobody_else(by, resident, period, stranger):
    [strike] = counted(by, resident, period)
    with by(stranger), pytest.raises(NotFound):
        services.appeal(actor=stranger, strike_id=strike.pk, reason="不是我的事情")
    late = time_machine.travel(timezone.now() + timedelta(days=40))
    with late, by(resident), pytest.raises(Conflict, match="30 days"):
        services.appeal(actor=resident, strike_id=strike.pk, reason="当天塌方，班车停开")


def test_a_landslide_is_waived_for_everybody_once(by, period, coordinator):
    people = [PatientFactory(user=UserFactory()).user for _ in range(2)]
    for actor in people:
        missed(by, actor, period)
    wanted = {"first": period.session.day, "last": period.session.day}
    with by(coordinator):
        preview = services.preview_waiver(actor=coordinator, **wanted)
        assert (preview.entries, preview.people) == (2, 2)
        assert {one.who for one in preview.shown} == {"张三丰"}
        assert services.waive(actor=coordinator, **wanted, reason="县道塌方，班车停运") == 2
        assert services.waive(actor=coordinator, **wanted, reason="县道塌方，班车停运") == 0
        with pytest.raises(Invalid, match="at most 31 days"):
            services.preview_waiver(actor=coordinator, first=period.session.day, last=in_days(60))
    assert set(Strike.objects.values_list("state", flat=True)) == {"waived"}
    with by(people[0]), pytest.raises(Forbidden):
        services.waive(actor=people[0], **wanted, reason="县道塌方，班车停运")


@pytest.fixture
def authority(period):
    return StaffFactory(
        role="coordinator",
        organisation=OrganisationFactory(
            kind=Organisation.Kind.AUTHORITY, division=period.organisation.division
        ),
    )


def test_the_authority_waives_for_its_county_and_sees_no_whole_name(
    by, period, resident, authority
):
    elsewhere = PeriodFactory(
        session=SessionFactory(
            department__organisation__division=DivisionFactory(code="520381", name="赤水市")
        )
    )
    here, there = missed(by, resident, period), missed(by, resident, elsewhere)
    wanted = {"first": period.session.day, "last": period.session.day}
    with by(authority):
        preview = services.preview_waiver(actor=authority, **wanted)
        assert (preview.entries, preview.hospitals) == (1, 1)
        assert [one.who for one in preview.shown] == ["张**"]
        assert services.waive(actor=authority, **wanted, reason="县道塌方，班车停运") == 1
    states = dict(Strike.objects.values_list("appointment", "state"))
    assert states == {here.pk: "waived", there.pk: "noted"}


def test_whose_block_falls_by_a_waiver_is_told_once(by, period, resident, authority):
    strikes = counted(by, resident, period, 3)
    assert Block.objects.get().state == "active"
    days = sorted(one.day for one in strikes)
    with by(authority):
        services.waive(actor=authority, first=days[0], last=days[-1], reason="县道塌方，班车停运")
    assert Block.objects.get().state == "lifted"
    assert Notification.objects.filter(template="penalty.lifted", recipient=resident).count() == 1


def test_the_page_of_the_authority_shows_who_before_it_waives(
    by, client, period, resident, authority
):
    missed(by, resident, period)
    client.force_login(authority)
    day = period.session.day.isoformat()
    page = client.get("/booking/appeals/", {"first": day, "last": day}).content.decode()
    assert period.organisation.name in page
    assert "张**" in page
    client.post("/booking/appeals/waive/", {"first": day, "last": day, "reason": "县道塌方停运"})
    assert Strike.objects.get().state == "waived"


def test_who_was_there_after_all_is_corrected_for_a_week(by, resident, period):
    booked = missed(by, resident, period)
    office = StaffFactory(role="medical_office", organisation=period.organisation)
    over = time_machine.travel(period.session.ends_at + timedelta(days=8))
    with over, by(office), pytest.raises(Conflict, match="seven days"):
        services.correct(actor=office, appointment_id=booked.pk, reason="病历有当天记录")
    with by(resident), pytest.raises(NotFound):
        services.correct(actor=resident, appointment_id=booked.pk, reason="病历有当天记录")
    with time_machine.travel(period.session.ends_at + timedelta(days=2)), by(office):
        fixed = services.correct(actor=office, appointment_id=booked.pk, reason="病历有当天记录")
    assert (fixed.status, Strike.objects.get().state) == (Status.FULFILLED, "void")
    assert published(booked.pk)["status"] == "fulfilled"


def test_a_stopped_clinic_never_counts(by, resident, period):
    booked = book(by, resident, period)
    Appointment.objects.filter(pk=booked.pk).update(status="displaced")
    with time_machine.travel(period.starts_at - timedelta(hours=1)), by(resident):
        services.cancel(actor=resident, appointment_id=booked.pk)
    assert not Strike.objects.exists()


def test_what_cancelling_late_would_mean_is_known_before(by, resident, period):
    counted(by, resident, period, times=2)
    standing = penalties.standing_of(resident.patient.pk, period.organisation_id)
    assert (standing.points, standing.after, standing.would_block) == (4, 5, False)
