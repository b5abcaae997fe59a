"""The fee of a visit: the hospital's, or nothing for whom the low-income register holds."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone, translation

from records.mpi import services as mpi
from records.mpi.identity import check_digit
from records.mpi.models import ID_CARD
from scheduling.appointments import batches, fees, fhir, services
from scheduling.appointments.clock_rows import RETURN
from scheduling.appointments.models import Appointment, Status
from telemed.core import clocks, policies, secrecy
from telemed.core.intentions import intention
from telemed.core.models import Clock, OutboxEvent
from telemed.core.publication import as_json
from telemed.notifications.models import Notification
from telemed.organisations.models import Division, Organisation
from telemed.organisations.services.policies import set_policy
from tests.consult.requests.looking import published
from tests.factories.people import (
    DivisionFactory,
    OrganisationFactory,
    PatientFactory,
    StaffFactory,
    UserFactory,
    treated,
)
from tests.factories.scheduling import PeriodFactory, at

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WAIVED = (Decimal("0.00"), "low_income", "subsistence")
FULL = (Decimal("10.00"), "standard", "")


@pytest.fixture(autouse=True)
def by_day():
    """Nobody on a waitlist is asked in the night: all of this happens at ten in the morning."""
    with translation.override("en"), time_machine.travel(at(timezone.localdate(), 10)):
        yield


def number(n):
    first17 = f"52012119600101{n:03d}"
    return first17 + check_digit(first17)


def person(n, **facts):
    """Who holds the identity number, with an account."""
    hashed = secrecy.keyed_hash(number(n), purpose=ID_CARD)
    user = UserFactory(language="en")
    return PatientFactory(id_card_hash=hashed, user=user, **facts)


@pytest.fixture
def keeper():
    county = DivisionFactory(code="520121", level=Division.Level.COUNTY, name="开阳县")
    authority = OrganisationFactory(kind=Organisation.Kind.AUTHORITY, division=county)
    return StaffFactory(role="administrator", organisation=authority)


@pytest.fixture
def listed(keeper):
    """A list of the county: who is on it, from how many days on, up to which day."""

    def bring(*numbers, ahead=0, last=""):
        rows = [f"{number(n)},低保,{last}" for n in numbers]
        with intention(keeper, door="test"):
            mpi.bring_low_incomes(
                actor=keeper,
                county_code="520121",
                valid_from=timezone.localdate() + ahead * DAY,
                content="\n".join(["身份证号,类别,有效期至", *rows]).encode(),
            )

    return bring


@pytest.fixture
def period():
    return PeriodFactory(public=3)


@pytest.fixture
def clerk(period):
    return StaffFactory(role="desk", organisation=period.organisation, language="en")


def book(by, patient, period, actor=None):
    actor = actor or patient.user
    with by(actor):
        return services.book(actor=actor, patient=patient, period_id=period.pk)


def cost(booked):
    booked.refresh_from_db()
    return booked.fee, booked.fee_basis, booked.fee_reason


def dear(by, hospital, fen=2_500):
    admin = StaffFactory(role="administrator", organisation=hospital)
    with by(admin):
        set_policy(
            actor=admin, organisation_id=hospital.pk, name=fees.FEE, value=fen, reason="新价格公示"
        )


def test_who_is_on_the_register_pays_nothing_and_others_the_fee(by, listed, period):
    listed(1)
    assert cost(book(by, person(1), period)) == WAIVED
    assert cost(book(by, person(2), period)) == FULL


def test_who_has_no_number_pays_the_fee(by, listed, period):
    listed(1)
    assert cost(book(by, PatientFactory(user=UserFactory()), period)) == FULL


def test_the_day_of_the_visit_decides(by, listed, period):
    listed(1, last=period.session.day)
    assert cost(book(by, person(1), period)) == WAIVED


def test_what_ended_the_day_before_the_visit_counts_no_more(by, listed, period):
    listed(1, last=period.session.day - DAY)
    assert cost(book(by, person(1), period)) == FULL


def test_a_list_from_tomorrow_counts_for_a_visit_after_it(by, listed, period):
    assert period.session.day > timezone.localdate()
    listed(1, ahead=1)
    assert cost(book(by, person(1), period)) == WAIVED


def test_a_list_from_after_the_visit_does_not_count(by, listed, period):
    listed(1, ahead=(period.session.day - timezone.localdate()).days + 1)
    assert cost(book(by, person(1), period)) == FULL


def test_of_merged_records_the_one_that_stays_counts(by, listed, period, clerk):
    listed(1)
    merged = PatientFactory(merged_into=person(1))
    assert cost(book(by, merged, period, clerk)) == WAIVED


def test_a_hospital_sets_its_fee_and_what_is_booked_keeps_its_own(by, period):
    before = book(by, person(1), period)
    dear(by, period.organisation)
    assert cost(before) == FULL
    assert cost(book(by, person(2), period)) == (Decimal("25.00"), "standard", "")


def test_a_change_of_the_fee_says_who_keeps_theirs(by, period):
    book(by, person(1), period)
    policy = policies.find(fees.FEE)
    said = policy.preview(period.organisation_id, 2_500)
    assert (said.count, "CNY 25.00" in said.sentence) == (1, True)
    assert policy.preview(period.organisation_id, 1_000) is None


def test_what_is_held_has_its_fee_before_it_is_confirmed(by, listed, period):
    listed(1)
    one = person(1)
    with by(one.user):
        held = services.hold(actor=one.user, patient=one, period_id=period.pk)
    assert cost(held) == WAIVED
    listed(2)
    with by(one.user):
        booked = services.confirm(actor=one.user, appointment_id=held.pk)
    assert cost(booked) == WAIVED


def test_a_move_keeps_the_fee(by, listed, period):
    listed(1)
    free, paid = book(by, person(1), period), book(by, person(2), period)
    later = PeriodFactory(session=period.session, starts_at=period.starts_at + timedelta(hours=1))
    listed(2)
    dear(by, period.organisation)
    for one in (free, paid):
        with by(one.booked_by):
            services.move(actor=one.booked_by, appointment_id=one.pk, period_id=later.pk)
    assert (cost(free), cost(paid)) == (WAIVED, FULL)


def test_who_waits_has_a_fee_once_a_place_is_offered(by, listed):
    listed(1)
    period = PeriodFactory(public=1)
    first, second = person(2), person(1)
    gone = book(by, first, period)
    with by(second.user):
        entry = services.join(
            actor=second.user,
            patient=second,
            department_id=period.department_id,
            day=period.session.day,
        )
    assert cost(entry) == (None, "", "")
    with by(first.user):
        services.cancel(actor=first.user, appointment_id=gone.pk)
    with time_machine.travel(Clock.objects.get(about=gone.pk, kind=RETURN).due_at):
        clocks.fire_due()
    entry.refresh_from_db()
    assert entry.status == Status.OFFERED
    assert cost(entry) == WAIVED


def test_the_database_keeps_fee_and_reason_together(by, period):
    booked = book(by, person(1), period)
    with pytest.raises(IntegrityError):
        Appointment.objects.filter(pk=booked.pk).update(fee_basis="low_income")


def test_a_booking_asks_the_register_once(by, listed, period, django_assert_max_num_queries):
    listed(1)
    one, period_id = person(1), period.pk
    with by(one.user), django_assert_max_num_queries(40) as seen:
        services.book(actor=one.user, patient=one, period_id=period_id)
    asked = [query for query in seen.captured_queries if "mpi_lowincome" in query["sql"]]
    assert len(asked) == 1


def test_the_world_reads_the_amount_and_not_the_reason(by, listed, period):
    listed(1)
    free, paid = book(by, person(1), period), book(by, person(2), period)
    amounts = []
    for one in (free, paid):
        resource = published(one.pk)
        assert as_json(fhir.APPOINTMENT, one) == fhir.to_plain(one)
        (fee,) = (e for e in resource["extension"] if e["url"] == "urn:telemed:fee")
        amounts.append((fee["valueMoney"]["value"], fee["valueMoney"]["currency"]))
        assert "low_income" not in str(resource)
        assert "subsistence" not in str(resource)
    assert amounts == [(0, "CNY"), (10, "CNY")]


@pytest.fixture
def free(by, listed, period):
    listed(1)
    return book(by, person(1), period)


def ticket(client, user, booked):
    client.force_login(user)
    return client.get(reverse("booking:ticket", args=[booked.pk])).content.decode()


def test_the_person_and_the_desk_read_why_nothing_is_paid(client, free, clerk):
    for user in (free.patient.user, clerk):
        said = ticket(client, user, free)
        assert "CNY 0 (waived already)" in said
        assert "Subsistence allowance" in said


def test_others_read_that_nothing_is_paid_and_not_why(client, free, by):
    doctor = free.clinician
    doctor.language = "en"
    doctor.save()
    said = ticket(client, doctor, free)
    assert "CNY 0 (waived already)" in said
    assert "Subsistence" not in said


def test_what_is_paid_stands_on_the_ticket_and_before_confirming(client, by, period):
    one = person(2)
    with by(one.user):
        services.hold(actor=one.user, patient=one, period_id=period.pk)
    client.force_login(one.user)
    said = client.get(reverse("booking:held")).content.decode()
    assert "CNY 10.00, paid at the hospital" in said
    assert 'name="fee' not in said


def test_the_desk_sees_whom_to_charge_nothing_and_a_doctor_does_not(client, free, clerk):
    day = {"day": free.day.isoformat()}
    client.force_login(clerk)
    said = client.get(reverse("booking:day"), day).content.decode()
    assert "Charge nothing" in said
    free.clinician.language = "en"
    free.clinician.save()
    client.force_login(free.clinician)
    assert "Charge nothing" not in client.get(reverse("booking:day"), day).content.decode()


def test_no_message_and_no_event_says_it(free):
    assert "subsistence" not in str(list(OutboxEvent.objects.values()))
    assert "subsistence" not in str(list(Notification.objects.values()))


def test_a_batch_asks_nobody_and_each_has_a_fee_of_their_own(by, listed, period):
    listed(1)
    doctor = StaffFactory()
    people = [treated(person(n), doctor.organisation) for n in (1, 2)]
    with by(doctor):
        batch = services.open_batch(
            actor=doctor,
            key=uuid4(),
            department_id=period.department_id,
            day=period.session.day,
            wanted=[(one.pk, period.pk) for one in people],
        )
    for row_id in batches.waiting_rows(batch):
        with by(doctor):
            services.book_row(actor=doctor, row_id=row_id)
    booked = {one.patient_id: one for one in Appointment.objects.all()}
    assert [cost(booked[one.pk]) for one in people] == [WAIVED, FULL]


def plan_page(client, doctor, period, people):
    client.force_login(doctor)
    asked = {"department": period.department_id, "day": period.session.day, "key": uuid4()}
    asked["who"] = [one.pk for one in people]
    return client.get(reverse("booking:batch"), asked).content.decode()


def test_the_plan_of_a_batch_says_what_each_would_pay_and_never_why(client, listed, period):
    listed(1)
    doctor = StaffFactory(language="en")
    people = [treated(person(n), doctor.organisation) for n in (1, 2)]
    said = plan_page(client, doctor, period, people)
    assert said.count("CNY 0 (waived already)") == 1
    assert said.count("CNY 10.00, paid at the hospital") == 1
    assert "Subsistence" not in said
    assert not Appointment.objects.exists()


def test_who_gets_no_time_has_no_fee_on_the_plan(client, by, period):
    doctor = StaffFactory(language="en")
    one = treated(person(1), doctor.organisation)
    book(by, one, period)
    said = plan_page(client, doctor, period, [one])
    assert "Already booked in this department that day." in said
    assert "CNY" not in said
