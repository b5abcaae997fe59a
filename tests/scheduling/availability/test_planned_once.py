"""A double click plans one session and one template, also where no clash would stop the second."""

from uuid import uuid4

import pytest
from django.urls import reverse

from scheduling.availability.models import Session, Template
from tests.factories.people import DepartmentFactory, StaffFactory
from tests.factories.scheduling import in_days

pytestmark = pytest.mark.django_db


@pytest.fixture
def department():
    return DepartmentFactory()


@pytest.fixture
def clerk(client, department):
    user = StaffFactory(role="desk", organisation=department.organisation, language="en")
    client.force_login(user)
    return user


def offer(department, **more):
    return {
        "department": department.pk,
        "kind": "examination",
        "service": "心电图",
        "starts": "14:00",
        "ends": "17:00",
        "capacity": 4,
        "period_minutes": 30,
        **more,
    }


def test_a_session_that_is_sent_twice_is_planned_once(client, clerk, department):
    page = client.get(reverse("sessions:new"))
    sent = offer(department, day=in_days(9), key=page.context["once"])
    assert f'name="key" value="{page.context["once"]}"' in page.content.decode()
    answers = [client.post(reverse("sessions:new"), sent) for _twice in range(2)]
    assert {one.url for one in answers} == {f"/sessions/{Session.objects.get().pk}/"}


def test_the_same_session_on_another_page_is_another_one(client, clerk, department):
    for _page in range(2):
        client.post(reverse("sessions:new"), offer(department, day=in_days(9), key=uuid4()))
    assert Session.objects.count() == 2


def test_other_content_under_the_same_key_is_refused_and_plans_nothing(client, clerk, department):
    key = uuid4()
    for n in (9, 10):
        client.post(reverse("sessions:new"), offer(department, day=in_days(n), key=key))
    assert Session.objects.count() == 1


def test_a_template_that_is_sent_twice_is_kept_once(client, clerk, department):
    sent = offer(department, weekday=3, since=in_days(1), key=uuid4())
    for _twice in range(2):
        assert client.post(reverse("sessions:add"), sent).url == reverse("sessions:templates")
    assert Template.objects.count() == 1
