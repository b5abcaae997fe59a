"""What was typed where an account closes stays when it is refused."""

import re

import pytest
from django.urls import reverse

from telemed.organisations.models import Specialty
from telemed.people.models import Role
from tests.factories.consult import accepted_case
from tests.factories.people import PractitionerFactory, StaffFactory

pytestmark = pytest.mark.django_db


def test_a_colleague_of_the_same_specialty_is_chosen_beforehand(client):
    scene = accepted_case()
    other = StaffFactory(role=Role.SPECIALIST, organisation=scene.hospital, name="阿甲")
    PractitionerFactory(user=other, specialty=Specialty.OBSTETRICS)
    same = StaffFactory(role=Role.SPECIALIST, organisation=scene.hospital, name="阿乙")
    PractitionerFactory(user=same, specialty=scene.specialist.practitioner.specialty)
    client.force_login(StaffFactory(role=Role.ADMINISTRATOR, organisation=scene.hospital))

    page = client.get(reverse("staff:close", args=[scene.specialist.pk])).content.decode()

    assert re.search(rf'value="{same.pk}" selected', page)
    assert not re.search(rf'value="{other.pk}" selected', page)


def test_a_refused_closing_keeps_who_takes_over_and_why(client):
    scene = accepted_case()
    colleague = StaffFactory(role=Role.SPECIALIST, organisation=scene.hospital)
    PractitionerFactory(user=colleague)
    client.force_login(StaffFactory(role=Role.ADMINISTRATOR, organisation=scene.hospital))
    address = reverse("staff:close", args=[scene.specialist.pk])
    assert client.get(address).status_code == 200

    page = client.post(address, {"to": colleague.pk, "listed": "on", "reason": "走"})

    assert page.status_code == 422
    text = page.content.decode()
    assert re.search(rf'value="{colleague.pk}" selected', text)
    assert re.search(r'name="listed" checked', text)
    assert 'value="走"' in text
    scene.specialist.refresh_from_db()
    assert scene.specialist.is_active
