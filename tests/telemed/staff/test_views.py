from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from telemed.people.models import Role, User
from telemed.people.open_work import Item
from telemed.staff.models import Entry, Invitation
from tests.factories.people import OrganisationFactory, PractitionerFactory, StaffFactory

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough phrase"  # noqa: S105


def paper():
    return {
        "title": "attending",
        "licence_no": "110520000012345",
        "specialty": "neurology",
        "practising_since": "2012-07-01",
        "licensed_until": (timezone.localdate() + timedelta(days=800)).isoformat(),
    }


def invite(client, hospital, username="zhou"):
    sent = {"name": "周新", "username": username, "organisation": hospital.pk, "role": "specialist"}
    return client.post(reverse("staff:invite"), sent, follow=True)


def test_from_the_invitation_to_the_first_sign_in(client, admin, hospital):
    client.force_login(admin)
    page = invite(client, hospital)
    link = page.context["link"]
    assert link in page.content.decode()
    client.logout()

    assert "zhou" in client.get(link).content.decode()
    response = client.post(link, {"password": PASSWORD, "again": PASSWORD})

    assert response.url == reverse("account_login")
    assert client.login(username="zhou", password=PASSWORD)
    client.logout()
    assert client.get(link).status_code == 410


@pytest.mark.parametrize(
    "sent", [{"password": PASSWORD, "again": "x"}, {"password": "1", "again": "1"}, {}]
)
def test_a_password_that_does_not_do_is_said(client, admin, hospital, sent):
    client.force_login(admin)
    link = invite(client, hospital).context["link"]
    client.logout()
    assert client.post(link, sent).status_code == 422
    assert Invitation.objects.get().used_at is None


def test_a_link_we_did_not_make_opens_nothing(client):
    assert client.get(reverse("staff:join", args=["made:up"])).status_code == 410


def test_entered_and_verified_on_pages(client, admin, office, doctor):
    client.force_login(admin)
    url = reverse("staff:licence", args=[doctor.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, paper() | {"licence_no": "1"}).status_code == 422
    assert client.post(url, paper()).status_code == 302
    assert client.get(reverse("staff:queue")).status_code == 403

    client.force_login(office)
    assert doctor.name in client.get(reverse("staff:queue")).content.decode()
    client.post(reverse("staff:verify", args=[Entry.objects.get().pk]))
    assert User.objects.get(pk=doctor.pk).practitioner.state == "active"
    client.post(reverse("staff:change", args=[doctor.pk, "suspend"]), {"reason": "投诉调查"})
    assert User.objects.get(pk=doctor.pk).practitioner.state == "suspended"
    assert client.post(reverse("staff:change", args=[doctor.pk, "forget"])).status_code == 404


def test_a_doctor_who_left_in_four_clicks(client, admin, licensed, doctor, work):
    work[licensed.pk] = [Item(id=uuid4(), label="C2611240007", urgent=True)]
    client.force_login(admin)
    url = reverse("staff:close", args=[licensed.pk])
    assert "C2611240007" in client.get(url).content.decode()
    assert client.post(url, {"reason": "调离本院"}).status_code == 422

    response = client.post(url, {"reason": "调离本院", "to": doctor.pk})

    assert response.status_code == 302
    assert not User.objects.get(pk=licensed.pk).is_active
    assert len(work[doctor.pk]) == 1


def test_a_refused_closing_moves_nothing(client, admin, licensed, doctor, work):
    work[licensed.pk] = [Item(id=uuid4(), label="C1")]
    client.force_login(admin)
    url = reverse("staff:close", args=[licensed.pk])
    assert client.post(url, {"to": str(uuid4()), "reason": "调离本院"}).status_code == 422
    assert User.objects.get(pk=licensed.pk).is_active


def test_the_administrator_signs_somebody_out(client, admin, licensed):
    licensed.set_password(PASSWORD)
    licensed.save()
    theirs = Client()
    theirs.post(reverse("account_login"), {"login": licensed.username, "password": PASSWORD})
    assert theirs.get("/inbox/").status_code == 200
    client.force_login(admin)
    page = client.get(reverse("staff:person", args=[licensed.pk]))
    session = page.context["sessions"][0]

    client.post(reverse("staff:end_session", args=[licensed.pk, session.pk]))

    assert theirs.get("/inbox/").status_code == 302


def test_a_locked_account_is_unlocked_by_its_administrator(client, admin, licensed, office):
    licensed.set_password(PASSWORD)
    licensed.save()
    theirs = Client()

    def sign_in(password):
        sent = {"login": licensed.username, "password": password}
        return theirs.post(reverse("account_login"), sent).status_code

    assert {sign_in("wrong") for _n in range(10)} == {200}
    assert sign_in(PASSWORD) == 200
    client.force_login(office)
    assert client.post(reverse("staff:unlock", args=[licensed.pk])).status_code == 403
    client.force_login(admin)
    client.post(reverse("staff:unlock", args=[licensed.pk]))
    assert sign_in(PASSWORD) == 302


def test_roles_on_the_page(client, admin, licensed, hospital):
    client.force_login(admin)
    sent = {"organisation": hospital.pk, "role": "director"}
    client.post(reverse("staff:give_role", args=[licensed.pk]), sent)
    role = licensed.roles.get(role="director")
    client.post(reverse("staff:end_role", args=[role.pk]), {"reason": "轮换到期"})
    role.refresh_from_db()
    assert role.ends_on is not None


def test_what_is_of_another_institution_is_hidden(client, licensed):
    client.force_login(StaffFactory(role=Role.ADMINISTRATOR, organisation=OrganisationFactory()))
    for name in ("person", "licence", "close"):
        assert client.get(reverse(f"staff:{name}", args=[licensed.pk])).status_code == 404
    assert licensed.name not in client.get(reverse("staff:list")).content.decode()


@pytest.mark.parametrize("role", [Role.SPECIALIST, Role.COORDINATOR, Role.OFFICIAL])
def test_the_list_is_for_administrators_and_medical_offices(client, role, hospital):
    client.force_login(StaffFactory(role=role, organisation=hospital))
    assert client.get(reverse("staff:list")).status_code == 403


def test_the_list_finds_pages_and_costs_few_queries(client, admin, hospital, doctor):
    for _n in range(55):
        user = StaffFactory(role=Role.SPECIALIST, organisation=hospital)
        PractitionerFactory(user=user)
    client.force_login(admin)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("staff:list"))
    assert len(queries) <= 12, [q["sql"][:80] for q in queries]
    after = page.context["after"]
    assert after
    assert len(client.get(reverse("staff:list"), {"after": after}).context["people"]) == 7
    found = client.get(reverse("staff:list"), {"q": doctor.username, "show": "unlicensed"})
    assert found.context["people"] == [doctor]
    assert client.get(reverse("staff:list"), {"q": hospital.name}).context["people"]
    for show in ("stopped", "closed", "nonsense"):
        assert client.get(reverse("staff:list"), {"show": show}).status_code == 200
