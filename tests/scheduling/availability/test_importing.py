"""Weekly templates from a file."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from scheduling.availability import sheet
from scheduling.availability.models import Session, Template
from tests.factories.people import StaffFactory

pytestmark = pytest.mark.django_db
HEAD = ",".join(column.chinese for column in sheet.COLUMNS)


@pytest.fixture
def desk(client, keeper):
    client.force_login(keeper)
    return client


def line(session, weekday="周三", **more):
    row = {
        "department": session.department.name,
        "username": session.clinician.username,
        "weekday": weekday,
        "starts": "14:00",
        "ends": "17:00",
        "capacity": "4",
        **more,
    }
    return ",".join(row.get(column.key, "") for column in sheet.COLUMNS)


def bring(client, *lines, **more):
    file = SimpleUploadedFile("s.csv", "\n".join([HEAD, *lines]).encode("gb18030"))
    return client.post(reverse("sessions:import"), {"file": file, **more}, follow=True)


def test_they_are_planned_at_once_and_twice_is_once(desk, session):
    lines = [line(session), line(session, weekday="4", room="3", period_minutes="60")]
    assert bring(desk, *lines).status_code == 200
    assert bring(desk, *lines).status_code == 200
    assert [(one.weekday, one.period_minutes) for one in Template.objects.order_by("weekday")] == [
        (3, 30),
        (4, 60),
    ]
    assert Session.objects.filter(template__isnull=False).count() == 8


def test_mistakes_come_back_by_row_and_column_and_nothing_is_stored(desk, session):
    page = bring(
        desk,
        line(session),
        line(session, department="没有科"),
        line(session, username="nobody"),
        line(session, weekday="周八"),
        line(session, starts="15:00"),
        line(session, weekday="5", capacity="0"),
        line(session, weekday="6", ends="13:00"),
        line(session, weekday="7", kind="examination"),
    )
    assert page.status_code == 422
    assert [(one.row, one.column) for one in page.context["mistakes"]] == [
        (3, "科室"),
        (4, "用户名"),
        (5, "星期"),
        (6, "开始"),
        (7, "每时段号数"),
        (8, "结束"),
        (9, "检查项目"),
    ]
    assert not Template.objects.exists()


def test_only_the_good_rows_when_that_is_chosen(desk, session):
    bring(desk, line(session), line(session, weekday="x"), only_good="on")
    assert Template.objects.get().weekday == 3


def test_a_doctor_of_another_house_is_a_mistake(desk, session):
    other = StaffFactory(role="specialist")
    page = bring(desk, line(session, username=other.username))
    assert [one.column for one in page.context["mistakes"]] == ["用户名"]


def test_who_keeps_no_sessions_brings_none(client, session):
    client.force_login(session.clinician)
    assert client.get(reverse("sessions:import")).status_code == 403
    assert bring(client, line(session)).status_code == 403


def test_the_template_has_the_headings(desk):
    content = desk.get(reverse("sessions:template")).content.decode("utf-8-sig")
    assert content.startswith(HEAD)
