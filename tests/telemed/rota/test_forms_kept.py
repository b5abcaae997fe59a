"""What was typed in a form of the rota stays when it is refused, and a page of it can be opened."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from telemed.rota.models import Rota, Shift
from tests.factories.rota import MONTH, at, on

pytestmark = pytest.mark.django_db
MARCH = {"year": 2027, "number": 3}


@pytest.fixture
def keeper(client, coordinator):
    client.force_login(coordinator)
    return client


def test_an_empty_month_begins_with_the_shifts_of_the_one_before_in_one_click(
    keeper, hospital, doctors
):
    february = at(1, month=MONTH - timedelta(days=28))
    for day in range(28):
        on(doctors[0], hospital, february + timedelta(days=day))
    month = reverse("rota:month", kwargs=MARCH)
    assert 'name="copy"' in keeper.get(month).content.decode()

    keeper.post(reverse("rota:write", kwargs=MARCH), {"copy": "1"})

    draft = Rota.objects.get(state=Rota.State.DRAFT)
    assert draft.month == MONTH
    assert Shift.objects.filter(rota=draft).count() >= 28


def test_without_a_month_before_nothing_offers_to_copy_and_nothing_is_begun(keeper):
    month = reverse("rota:month", kwargs=MARCH)
    assert 'name="copy"' not in keeper.get(month).content.decode()

    keeper.post(reverse("rota:write", kwargs=MARCH), {"copy": "1"})

    assert not Rota.objects.exists()


def test_a_refused_shift_keeps_who_when_and_which_call(keeper, draft, doctors):
    address = reverse("rota:cell", args=[draft.pk, "2027-03-03", "neurology"])
    wrong = {"user": doctors[2].pk, "kind": "second_call", "starts": "25:00", "ends": "09:00"}

    page = keeper.post(address, wrong)

    assert page.status_code == 422
    text = page.content.decode()
    assert re.search(rf'value="{doctors[2].pk}"[^>]* checked', text)
    assert re.search(r'value="second_call" checked', text)
    assert 'value="09:00"' in text
    assert keeper.get(address).status_code == 200  # a tab that is opened again


def test_a_refused_publication_keeps_the_reason_and_its_address_leads_to_the_month(keeper, draft):
    address = reverse("rota:publish", args=[draft.pk])

    page = keeper.post(address, {"gap_reason": "缺"})

    assert page.status_code == 422
    assert 'value="缺"' in page.content.decode()
    assert keeper.get(address).url == reverse("rota:month", kwargs=MARCH)
    assert Rota.objects.get().state == Rota.State.DRAFT
