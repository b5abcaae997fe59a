from datetime import date, timedelta

import pytest

from telemed.audit.models import AuditRow
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.models import OutboxEvent
from telemed.organisations.models import Specialty
from telemed.people.models import Role
from telemed.rota import services
from telemed.rota.grid import gaps_of, grid_of
from telemed.rota.models import Rota, Shift, Swap
from telemed.rota.queries import on_duty
from tests.factories.people import OrganisationFactory, StaffFactory
from tests.factories.rota import MONTH, at, on
from tests.marks import committed
from tests.racing import race
from tests.telemed.rota.conftest import leave, specialist

pytestmark = pytest.mark.django_db
NEUROLOGY = Specialty.NEUROLOGY
GAP = "人手不足,由二线兼"


def put(by, actor, rota, person, day, hours=24, kind=Shift.Kind.FIRST_CALL, specialty=NEUROLOGY):
    with by(actor):
        return services.add_shift(
            actor=actor,
            rota_id=rota.pk,
            user_id=person.pk,
            kind=kind,
            specialty=specialty,
            starts_at=at(day),
            ends_at=at(day) + timedelta(hours=hours),
        )


def publish(by, actor, rota, reason=GAP):
    with by(actor):
        return services.publish_rota(actor=actor, rota_id=rota.pk, gap_reason=reason)


def refuse_put(by, error, said, *arguments, **more):
    with pytest.raises(error, match=said):
        put(by, *arguments, **more)


def test_two_coordinators_write_one_draft(by, coordinator, hospital, draft):
    other = StaffFactory(role=Role.DIRECTOR, organisation=hospital)
    with by(other):
        assert services.open_draft(actor=other, month=MONTH) == draft


@pytest.mark.parametrize("role", [Role.SPECIALIST, Role.ADMINISTRATOR, Role.MEDICAL_OFFICE])
def test_only_coordinators_and_directors_keep_the_rota(by, hospital, draft, doctors, role):
    actor = StaffFactory(role=role, organisation=hospital)
    with pytest.raises(Forbidden), by(actor):
        services.open_draft(actor=actor, month=MONTH)
    with pytest.raises(NotFound):
        put(by, actor, draft, doctors[0], 3)


def test_a_draft_of_another_institution_is_hidden(by, draft, doctors):
    stranger = StaffFactory(role=Role.COORDINATOR, organisation=OrganisationFactory())
    with pytest.raises(NotFound):
        put(by, stranger, draft, doctors[0], 3)
    with pytest.raises(NotFound):
        publish(by, stranger, draft)


def test_a_month_that_is_over_is_not_written(by, coordinator):
    with pytest.raises(Invalid), by(coordinator):
        services.open_draft(actor=coordinator, month=date(2027, 1, 1))


def test_a_shift_needs_the_licence_gate(by, coordinator, hospital, draft):
    young = specialist(hospital, practising_since=date(2026, 1, 1))
    heart = specialist(hospital, specialty=Specialty.CARDIOLOGY)
    ending = specialist(hospital, licensed_until=at(3).date() - timedelta(days=1))
    refuse_put(by, Conflict, str(young), coordinator, draft, young, 3)
    refuse_put(by, Conflict, str(heart), coordinator, draft, heart, 3)
    refuse_put(by, Conflict, str(ending), coordinator, draft, ending, 3)
    put(by, coordinator, draft, ending, 1, hours=12)


def test_the_director_needs_the_role_and_no_licence(by, coordinator, draft, doctors, director):
    kind = Shift.Kind.DIRECTOR
    put(by, coordinator, draft, director, 3, kind=kind, specialty="")
    refuse_put(by, Conflict, ".", coordinator, draft, doctors[0], 4, kind=kind, specialty="")
    refuse_put(by, Invalid, ".", coordinator, draft, director, 4, kind=kind)


def test_a_clash_is_refused_with_who_where_and_when(by, coordinator, draft, doctors):
    put(by, coordinator, draft, doctors[0], 3)

    refuse_put(by, Conflict, "03-03 08:00 – 03-04 08:00", coordinator, draft, doctors[0], 3)

    elsewhere = OrganisationFactory()
    on(doctors[1], elsewhere, at(5))
    refuse_put(by, Conflict, elsewhere.name, coordinator, draft, doctors[1], 5)
    assert draft.shifts.count() == 1


def test_a_shift_lies_in_its_month_and_lasts_a_day_at_most(by, coordinator, draft, doctors):
    refuse_put(by, Invalid, ".", coordinator, draft, doctors[0], 32)
    refuse_put(by, Invalid, ".", coordinator, draft, doctors[0], 3, hours=25)
    refuse_put(by, Invalid, ".", coordinator, draft, doctors[0], 3, hours=0)


def test_an_uncovered_hour_needs_a_reason(by, coordinator, draft, doctors):
    put(by, coordinator, draft, doctors[0], 3)

    with pytest.raises(Conflict) as refused:
        publish(by, coordinator, draft, reason="无")

    assert refused.value.path == "gap_reason"
    assert "03-01 00:00" in refused.value.message
    assert on_duty(draft.organisation, NEUROLOGY, at(3)) == []
    assert publish(by, coordinator, draft).gap_reason == GAP
    assert on_duty(draft.organisation, NEUROLOGY, at(3)) == [doctors[0]]


def test_a_month_without_a_gap_needs_none(by, coordinator, draft, doctors, director):
    on(doctors[2], draft.organisation, at(0))  # the last night of February
    on(director, draft.organisation, at(0), kind=Shift.Kind.DIRECTOR)
    for day in range(1, 32):
        put(by, coordinator, draft, doctors[day % 2], day)
        put(by, coordinator, draft, director, day, kind=Shift.Kind.DIRECTOR, specialty="")
    assert gaps_of(draft) == []

    published = publish(by, coordinator, draft, reason="")

    assert (published.state, published.version) == (Rota.State.PUBLISHED, 1)
    assert OutboxEvent.objects.filter(topic="rota.published").count() == 1
    assert AuditRow.objects.filter(action="rota.publish").count() == 1


def test_who_lost_the_licence_since_stops_the_publication(by, coordinator, draft, doctors):
    put(by, coordinator, draft, doctors[0], 3)
    leave(doctors[0])

    with pytest.raises(Conflict, match=str(doctors[0])):
        publish(by, coordinator, draft)


def test_publishing_anew_makes_the_next_version_and_lapses_swaps(by, coordinator, draft, doctors):
    put(by, coordinator, draft, doctors[0], 3)
    first = publish(by, coordinator, draft)
    with by(doctors[0]):
        swap = services.ask_swap(
            actor=doctors[0], shift_id=first.shifts.get().pk, colleague_id=doctors[1].pk
        )
    with by(coordinator):
        second = services.open_draft(actor=coordinator, month=MONTH)
    assert second.shifts.get().user == doctors[0]
    with by(coordinator):
        services.remove_shift(actor=coordinator, shift_id=second.shifts.get().pk)
    put(by, coordinator, second, doctors[1], 3)
    assert on_duty(draft.organisation, NEUROLOGY, at(3)) == [doctors[0]]

    publish(by, coordinator, second)

    first.refresh_from_db()
    swap.refresh_from_db()
    assert first.state == Rota.State.REPLACED
    assert Rota.objects.get(state="published").version == 2
    assert on_duty(draft.organisation, NEUROLOGY, at(3)) == [doctors[1]]
    assert swap.state == Swap.State.LAPSED


def test_a_published_version_is_not_changed(by, coordinator, draft, doctors):
    shift = put(by, coordinator, draft, doctors[0], 3)
    publish(by, coordinator, draft)
    with pytest.raises(Conflict), by(coordinator):
        services.remove_shift(actor=coordinator, shift_id=shift.pk)
    refuse_put(by, Conflict, ".", coordinator, draft, doctors[1], 4)


def test_copying_last_month_follows_the_weekdays(by, coordinator, draft, doctors):
    february = date(2027, 2, 1)
    on(doctors[0], draft.organisation, at(1, month=february))  # a Monday
    on(doctors[1], draft.organisation, at(2, month=february))
    gone = specialist(draft.organisation)
    on(gone, draft.organisation, at(3, month=february))
    leave(gone)

    with by(coordinator):
        copied = services.copy_last_month(actor=coordinator, rota_id=draft.pk)

    starts = {(s.user, s.starts_at) for s in draft.shifts.select_related("user")}
    assert starts == {(doctors[0], at(1)), (doctors[1], at(2))}
    assert copied.shifts == 2
    assert [str(gone) in line for line in copied.left_out] == [True]
    with by(coordinator):
        assert services.copy_last_month(actor=coordinator, rota_id=draft.pk).shifts == 0


def test_without_a_month_before_there_is_nothing_to_copy(by, coordinator, draft):
    with pytest.raises(Conflict), by(coordinator):
        services.copy_last_month(actor=coordinator, rota_id=draft.pk)


def test_the_grid_shows_gaps_by_the_day(by, coordinator, draft, doctors):
    put(by, coordinator, draft, doctors[0], 3)
    put(by, coordinator, draft, doctors[1], 4, kind=Shift.Kind.SECOND_CALL)

    grid = grid_of(draft)

    days = {day.date.day: day.cells[0] for day in grid.days}
    assert [row.key for row in grid.rows] == [NEUROLOGY, "director"]
    assert days[3].gap  # the small hours
    assert days[3].names == [str(doctors[0])]
    assert days[4].gap  # second call covers nothing
    assert days[4].second_names == [str(doctors[1])]
    assert len(grid.days) == 31


def test_discarding_the_draft_leaves_what_is_published(by, coordinator, draft, doctors):
    put(by, coordinator, draft, doctors[0], 3)
    publish(by, coordinator, draft)
    with by(coordinator):
        again = services.open_draft(actor=coordinator, month=MONTH)
        services.discard_draft(actor=coordinator, rota_id=again.pk)
    assert Rota.objects.get().state == Rota.State.PUBLISHED
    assert on_duty(draft.organisation, NEUROLOGY, at(3)) == [doctors[0]]


@committed
def test_two_hospitals_that_publish_the_same_doctor_at_once_one_gets_them(by, hospital, doctors):
    drafts = []
    for place in (hospital, OrganisationFactory()):
        keeper = StaffFactory(role=Role.COORDINATOR, organisation=place)
        if place != hospital:
            doctors[0].roles.create(organisation=place, role=Role.SPECIALIST)
        with by(keeper):
            draft = services.open_draft(actor=keeper, month=MONTH)
        put(by, keeper, draft, doctors[0], 3)
        drafts.append((keeper, draft))

    ended = race([lambda k=k, d=d: publish(by, k, d) for k, d in drafts])

    assert ended == {"won": 1, "Conflict": 1}
    assert Shift.objects.filter(in_force=True).count() == 1
