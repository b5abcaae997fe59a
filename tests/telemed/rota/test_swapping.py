from datetime import timedelta

import pytest
import time_machine

from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.models import OutboxEvent
from telemed.organisations.models import Specialty
from telemed.rota import services
from telemed.rota.models import Rota, Shift, Swap
from tests.factories.people import OrganisationFactory
from tests.factories.rota import at, on
from tests.marks import committed
from tests.racing import race
from tests.telemed.rota.conftest import leave, specialist

pytestmark = pytest.mark.django_db


def ask(by, shift, colleague, in_return=None):
    with by(shift.user):
        return services.ask_swap(
            actor=shift.user,
            shift_id=shift.pk,
            colleague_id=colleague.pk,
            in_return_id=in_return.pk if in_return else None,
        )


def answer(by, swap, actor=None, act=services.accept_swap):
    actor = actor or swap.colleague
    with by(actor):
        return act(actor=actor, swap_id=swap.pk)


def holders(*shifts):
    return [Shift.objects.get(pk=shift.pk).user for shift in shifts]


@pytest.fixture
def two(hospital, doctors):
    return on(doctors[0], hospital, at(3)), on(doctors[1], hospital, at(8))


def test_until_it_is_accepted_everybody_stays(by, two, doctors):
    swap = ask(by, two[0], doctors[1], two[1])
    assert holders(*two) == doctors[:2]

    answer(by, swap)

    assert holders(*two) == [doctors[1], doctors[0]]
    topics = list(OutboxEvent.objects.order_by("pk").values_list("topic", flat=True))
    assert topics == ["shift.swap_asked", "shift.swapped"]


def test_a_colleague_may_take_a_shift_without_return(by, two, doctors):
    answer(by, ask(by, two[0], doctors[2]))
    assert holders(two[0]) == [doctors[2]]


def test_first_and_second_call_of_one_night_may_change_places(by, hospital, doctors):
    first = on(doctors[0], hospital, at(3))
    second = on(doctors[1], hospital, at(3), kind=Shift.Kind.SECOND_CALL)

    answer(by, ask(by, first, doctors[1], second))

    assert holders(first, second) == [doctors[1], doctors[0]]


def test_both_must_pass_the_gate(by, two, hospital, doctors):
    heart = specialist(hospital, specialty=Specialty.CARDIOLOGY)
    with pytest.raises(Conflict, match=str(heart)):
        ask(by, two[0], heart)
    swap = ask(by, two[0], doctors[1], two[1])
    leave(doctors[0])
    with pytest.raises(Conflict, match=str(doctors[0])):
        answer(by, swap)
    assert holders(*two) == doctors[:2]


def test_who_is_on_already_cannot_take_it(by, two, hospital, doctors):
    on(doctors[2], OrganisationFactory(), at(3, 20))
    with pytest.raises(Conflict, match="03-03 20:00"):
        ask(by, two[0], doctors[2])


def test_only_who_was_asked_answers(by, two, doctors, coordinator):
    swap = ask(by, two[0], doctors[1], two[1])
    with pytest.raises(Forbidden):
        answer(by, swap, actor=doctors[0])
    for stranger in (doctors[2], coordinator):
        with pytest.raises(NotFound):
            answer(by, swap, actor=stranger)
    with pytest.raises(Forbidden):
        answer(by, swap, act=services.withdraw_swap)


def test_somebody_elses_shift_is_not_mine_to_swap(by, two, doctors):
    with pytest.raises(NotFound), by(doctors[2]):
        services.ask_swap(actor=doctors[2], shift_id=two[0].pk, colleague_id=doctors[1].pk)
    third = on(doctors[2], two[0].rota.organisation, at(12))
    with pytest.raises(Invalid):
        ask(by, two[0], doctors[1], third)


def test_accepting_twice_is_once_and_declining_is_final(by, two, doctors):
    swap = ask(by, two[0], doctors[1], two[1])
    answer(by, swap)
    assert answer(by, swap).state == Swap.State.SWAPPED
    assert holders(*two) == [doctors[1], doctors[0]]

    other = ask(by, Shift.objects.get(pk=two[0].pk), doctors[2])
    answer(by, other, act=services.decline_swap)
    with pytest.raises(Conflict):
        answer(by, other)


def test_one_colleague_at_a_time(by, two, doctors):
    ask(by, two[0], doctors[1])
    with pytest.raises(Conflict):
        ask(by, two[0], doctors[2])


def test_after_it_is_withdrawn_the_next_may_be_asked(by, two, doctors):
    swap = ask(by, two[0], doctors[1])
    answer(by, swap, actor=doctors[0], act=services.withdraw_swap)
    assert ask(by, two[0], doctors[2]).state == Swap.State.ASKED


def test_a_shift_that_has_begun_is_not_swapped(by, two, doctors):
    swap = ask(by, two[0], doctors[1], two[1])
    with time_machine.travel(at(3) + timedelta(minutes=1), tick=False):
        with pytest.raises(Conflict):
            answer(by, swap)
        with pytest.raises(Conflict):
            ask(by, two[0], doctors[2])


def test_the_draft_follows_so_that_publishing_does_not_undo_it(by, two, doctors, coordinator):
    with by(coordinator):
        draft = services.open_draft(actor=coordinator, month=two[0].rota.month)

    answer(by, ask(by, two[0], doctors[1], two[1]))

    copies = {c.copied_from_id: c.user for c in draft.shifts.select_related("user")}
    assert copies == {two[0].pk: doctors[1], two[1].pk: doctors[0]}
    with by(coordinator):
        services.publish_rota(actor=coordinator, rota_id=draft.pk, gap_reason="人手不足")
    assert Rota.objects.get(state="published").version == 2


@committed
def test_two_swaps_of_one_shift_at_once_one_holds(by, two, hospital, doctors):
    third = on(doctors[2], hospital, at(12))
    swaps = [ask(by, two[0], doctors[1]), ask(by, third, doctors[0], two[0])]

    ended = race([lambda s=swap: answer(by, s) for swap in swaps])

    assert ended == {"won": 1, "Conflict": 1}
