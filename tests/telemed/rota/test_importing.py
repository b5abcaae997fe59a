import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from telemed.people.models import Role
from telemed.rota import sheet
from telemed.rota.models import Rota, Shift
from tests.factories.people import StaffFactory
from tests.factories.rota import at

pytestmark = pytest.mark.django_db
HEAD = ",".join(column.chinese for column in sheet.COLUMNS)


@pytest.fixture
def keeper(client, coordinator):
    client.force_login(coordinator)
    return client


def line(user, day="2027-03-03", kind="first_call", specialty="neurology", ends="08:00"):
    return f"{day},{kind},{specialty},{user},08:00,{ends},"


def bring(client, *lines, encoding="gb18030", **more):
    text = "\n".join([HEAD, *lines])
    file = SimpleUploadedFile("rota.csv", text.encode(encoding))
    return client.post(reverse("rota:import"), {"file": file, **more}, follow=True)


def test_shifts_go_into_the_draft_and_twice_is_once(keeper, doctors, director):
    lines = [
        line(doctors[0].username),
        line(doctors[1].username, day="2027/4/2"),
        line(director.username, kind="director", specialty=""),
    ]
    assert bring(keeper, *lines).status_code == 200
    assert bring(keeper, *lines, encoding="utf-8-sig").status_code == 200

    assert {rota.month.month for rota in Rota.objects.filter(state="draft")} == {3, 4}
    assert Shift.objects.count() == 3
    shift = Shift.objects.get(user=doctors[0])
    assert (shift.starts_at, shift.ends_at, shift.in_force) == (at(3), at(4), False)


def test_mistakes_come_back_by_row_and_column_and_nothing_is_stored(keeper, doctors):
    page = bring(
        keeper,
        line(doctors[0].username),
        line("nobody"),
        line(doctors[1].username, day="3 March"),
        line(doctors[0].username, ends="20:00"),
        line(doctors[2].username, specialty="cardiology"),
    )
    assert page.status_code == 422
    rows = [(mistake.row, mistake.column) for mistake in page.context["mistakes"]]
    assert rows == [(3, "用户名"), (4, "日期"), (5, "用户名"), (6, "用户名")]
    assert not Shift.objects.exists()
    assert not Rota.objects.exists()


def test_only_the_good_rows_when_that_is_chosen(keeper, doctors):
    bring(keeper, line(doctors[0].username), line("nobody"), only_good="on")
    assert Shift.objects.get().user == doctors[0]


def test_who_keeps_no_rota_brings_none(client, doctors, hospital):
    for role in (Role.SPECIALIST, Role.ADMINISTRATOR):
        client.force_login(StaffFactory(role=role, organisation=hospital))
        assert client.get(reverse("rota:import")).status_code == 403
        assert bring(client, line(doctors[0].username)).status_code == 403
    assert not Shift.objects.exists()


def test_the_template_has_the_headings(keeper):
    content = keeper.get(reverse("rota:template")).content.decode("utf-8-sig")
    assert content.startswith(HEAD)
