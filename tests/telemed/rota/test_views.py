from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from telemed.core import outbox
from telemed.core.clocks import fire_due
from telemed.notifications.models import Notification
from telemed.organisations.models import Specialty
from telemed.people.models import Role
from telemed.rota import services
from telemed.rota.models import Rota, Shift, Swap
from telemed.rota.queries import on_duty
from tests.factories.people import OrganisationFactory, StaffFactory
from tests.factories.rota import MONTH, at, on
from tests.marks import committed

pytestmark = pytest.mark.django_db
MARCH = {"year": 2027, "number": 3}


@pytest.fixture
def keeper(client, coordinator):
    client.force_login(coordinator)
    return client


def cell_url(rota, day=3, key=Specialty.NEUROLOGY):
    return reverse("rota:cell", args=[rota.pk, f"2027-03-{day:02d}", key])


def put(client, rota, person, **more):
    sent = {"user": person.pk, "kind": "first_call", "starts": "08:00", "ends": "08:00"}
    return client.post(cell_url(rota), sent | more)


def test_late_in_the_month_the_next_one_is_opened_first(keeper):
    response = keeper.get(reverse("rota:home"))
    assert response.url == reverse("rota:month", kwargs=MARCH)


def test_from_nothing_to_published_in_five_clicks(keeper, hospital, doctors, director):
    february = at(1, month=MONTH - timedelta(days=28))
    for day in (n for n in range(28) if n != 4):
        on(doctors[day % 2], hospital, february + timedelta(days=day))
        on(director, hospital, february + timedelta(days=day), kind=Shift.Kind.DIRECTOR)

    page = keeper.post(reverse("rota:write", kwargs=MARCH), follow=True)
    draft = Rota.objects.get(state="draft")
    page = keeper.post(reverse("rota:copy", args=[draft.pk]), follow=True)
    assert "is-gap" in page.content.decode()  # nobody was on on 5 February either
    page = keeper.post(reverse("rota:publish", args=[draft.pk]))
    assert page.status_code == 422
    assert "03-05" in page.content.decode()
    page = keeper.post(
        reverse("rota:publish", args=[draft.pk]), {"gap_reason": "月底另排"}, follow=True
    )

    assert page.status_code == 200
    assert on_duty(hospital, Specialty.NEUROLOGY, at(10))
    assert "月底另排" in page.content.decode()


def test_a_cell_puts_somebody_on_and_takes_them_off(keeper, draft, doctors):
    page = keeper.get(cell_url(draft)).content.decode()
    assert all(str(doctor) in page for doctor in doctors)

    assert put(keeper, draft, doctors[0]).status_code == 302
    shift = draft.shifts.get()
    assert (shift.starts_at, shift.ends_at) == (at(3), at(4))

    keeper.post(reverse("rota:remove", args=[shift.pk]))
    assert not draft.shifts.exists()


def test_a_clash_is_said_on_the_page(keeper, draft, doctors):
    put(keeper, draft, doctors[0])
    response = put(keeper, draft, doctors[0], kind="second_call", starts="20:00")
    assert response.status_code == 422
    assert "03-03 08:00" in response.content.decode()


@pytest.mark.parametrize("sent", [{"starts": "25:00"}, {"user": "x"}, {"kind": "third"}])
def test_nonsense_is_refused(keeper, draft, doctors, sent):
    assert put(keeper, draft, doctors[0], **sent).status_code == 422
    assert not draft.shifts.exists()


@pytest.mark.parametrize("key", ["oncology", "director2"])
def test_a_row_that_is_not_there(keeper, draft, key):
    assert keeper.get(cell_url(draft, key=key)).status_code == 404
    assert keeper.get(reverse("rota:cell", args=[draft.pk, "2027-02-30", key])).status_code == 404
    assert keeper.get("/rota/2027/13/").status_code == 404


def test_others_read_what_is_published_and_never_the_draft(client, draft, doctors, by, coordinator):
    client.force_login(doctors[0])
    url = reverse("rota:month", kwargs=MARCH)
    assert "rg__c" not in client.get(url).content.decode()
    with by(coordinator):
        services.publish_rota(actor=coordinator, rota_id=draft.pk, gap_reason="人手不足")
    page = client.get(url).content.decode()
    assert "rg__c" in page
    assert "/write/" not in page
    assert client.get(reverse("rota:print", args=[draft.pk])).status_code == 200


@pytest.mark.parametrize("role", [Role.RESIDENT, Role.OFFICIAL, Role.AUDITOR])
def test_who_is_no_clinic_staff_sees_no_rota(client, role, hospital):
    client.force_login(StaffFactory(role=role, organisation=hospital))
    assert client.get(reverse("rota:month", kwargs=MARCH)).status_code == 404


def test_another_institutions_rota_is_hidden(client, draft):
    client.force_login(StaffFactory(role=Role.COORDINATOR, organisation=OrganisationFactory()))
    for name in ("copy", "publish", "discard"):
        assert client.post(reverse(f"rota:{name}", args=[draft.pk])).status_code == 404
    assert client.get(reverse("rota:print", args=[draft.pk])).status_code == 404


def test_the_month_costs_few_queries(keeper, draft, doctors, by, coordinator):
    for day in range(1, 29):
        with by(coordinator):
            services.add_shift(
                actor=coordinator,
                rota_id=draft.pk,
                user_id=doctors[day % 3].pk,
                kind=Shift.Kind.FIRST_CALL,
                specialty=Specialty.NEUROLOGY,
                starts_at=at(day),
                ends_at=at(day + 1),
            )
    month = reverse("rota:month", kwargs=MARCH)
    for url, most in ((month, 12), (cell_url(draft, 28), 14)):
        with CaptureQueriesContext(connection) as queries:
            assert keeper.get(url).status_code == 200
        assert len(queries) <= most, [q["sql"][:80] for q in queries]


def test_my_shifts_and_a_swap_from_ask_to_accept(client, hospital, doctors):
    mine, theirs = on(doctors[0], hospital, at(3)), on(doctors[1], hospital, at(8))
    client.force_login(doctors[0])
    assert str(mine.pk) in client.get(reverse("rota:mine")).content.decode()
    url = reverse("rota:swap", args=[mine.pk])
    assert f"shift:{theirs.pk}" in client.get(url).content.decode()

    assert client.post(url, {"choice": f"shift:{theirs.pk}"}).status_code == 302
    swap = Swap.objects.get()
    client.force_login(doctors[1])
    assert str(doctors[0]) in client.get(reverse("rota:mine")).content.decode()
    client.post(reverse("rota:answer", args=[swap.pk, "accept"]))

    assert Shift.objects.get(pk=mine.pk).user == doctors[1]


def test_who_is_on_at_that_time_can_only_change_places(client, hospital, doctors):
    first = on(doctors[0], hospital, at(3))
    second = on(doctors[1], hospital, at(3), kind=Shift.Kind.SECOND_CALL)
    client.force_login(doctors[0])
    page = client.get(reverse("rota:swap", args=[first.pk])).content.decode()
    assert f"shift:{second.pk}" in page
    assert f"user:{doctors[1].pk}" not in page
    assert f"user:{doctors[2].pk}" in page


def test_a_choice_that_is_none_is_refused(client, hospital, doctors):
    mine = on(doctors[0], hospital, at(3))
    client.force_login(doctors[0])
    url = reverse("rota:swap", args=[mine.pk])
    assert client.post(url, {"choice": "shift:1"}).status_code == 422
    assert client.post(url, {}).status_code == 422
    stranger = on(doctors[1], OrganisationFactory(), at(9))
    assert client.post(url, {"choice": f"shift:{stranger.pk}"}).status_code == 422
    assert client.get(reverse("rota:swap", args=[stranger.pk])).status_code == 404
    assert not Swap.objects.exists()


@committed
def test_everybody_on_it_is_told_once(by, coordinator, draft, doctors, hospital):
    with by(coordinator):
        services.add_shift(
            actor=coordinator,
            rota_id=draft.pk,
            user_id=doctors[0].pk,
            kind=Shift.Kind.FIRST_CALL,
            specialty=Specialty.NEUROLOGY,
            starts_at=at(3),
            ends_at=at(4),
        )
        services.publish_rota(actor=coordinator, rota_id=draft.pk, gap_reason="人手不足")
    with by(doctors[0]):
        shift = draft.shifts.get()
        swap = services.ask_swap(actor=doctors[0], shift_id=shift.pk, colleague_id=doctors[1].pk)
    outbox.deliver_waiting()
    with by(doctors[1]):
        services.accept_swap(actor=doctors[1], swap_id=swap.pk)
    outbox.deliver_waiting()

    told = set(Notification.objects.values_list("recipient", "template"))
    assert told == {
        (doctors[0].pk, "rota.published"),
        (doctors[1].pk, "shift.swap"),
        (doctors[0].pk, "shift.swapped"),
    }
    assert all(note.text for note in Notification.objects.all())


@committed
def test_on_the_25th_the_keepers_hear_that_the_next_month_is_missing(by, coordinator, draft):
    with by(coordinator):
        services.publish_rota(actor=coordinator, rota_id=draft.pk, gap_reason="人手不足")
    fire_due()
    assert not Notification.objects.filter(template="rota.missing").exists()
    with time_machine.travel(at(25, 10), tick=False):
        fire_due()
        outbox.deliver_waiting()
    assert Notification.objects.get(template="rota.missing").recipient == coordinator
