"""The pages of break-glass: a doctor in a hurry, a reviewer, and the resident who reads of it."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test.utils import CaptureQueriesContext

from records.consent.models import BreakGlass
from records.mpi.identity import check_digit
from records.mpi.services import register_patient
from telemed.audit.models import AuditRow
from telemed.core.intentions import intention
from telemed.people import signing
from telemed.people.models import SigningKey
from tests.factories.emergencies import FOUND, WHY, end, make_scene, open_record, review
from tests.factories.people import ClinicFactory, PatientFactory, StaffFactory

pytestmark = pytest.mark.django_db
PIN, WRONG, PASSWORD = "246810", "975310", "a long enough phrase"
FIND, REVIEWS, LOOKED = "/emergency-access/", "/emergency-access/reviews/", "/my/who-looked/"
FIRST17 = "52012119580409992"
NUMBER = FIRST17 + check_digit(FIRST17)


@pytest.fixture
def scene(client):
    scene = make_scene()
    scene.patient.delete()
    with intention(scene.doctor, door="test"):
        scene.patient = register_patient(
            actor=scene.doctor, organisation=ClinicFactory(), name="何秀英", id_card=NUMBER
        )
        signing.create_key(user=scene.doctor, pin=PIN)
    scene.patient.user = scene.resident
    scene.patient.save()
    for person in (scene.doctor, scene.auditor, scene.office):
        person.language = "en"
        person.save()
    client.force_login(scene.doctor)
    return scene


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def find(client, number=NUMBER):
    return client.post(FIND, {"number": number}, follow=True)


def send(client, scene, **changed):
    sent = {"code": "silent", "text": WHY, "pin": PIN} | changed
    return client.post(f"{FIND}{scene.patient.pk}/", sent, follow=True)


def test_from_a_number_to_the_record_with_a_bar_that_ends_it(client, scene):
    assert "/emergency-access/" in text(client.get("/patients/?q=nobody"))
    assert client.get(f"/patients/{scene.patient.pk}/").status_code == 404

    page = find(client)
    assert page.redirect_chain == [(f"{FIND}{scene.patient.pk}/", 302)]
    assert "何**" in text(page)
    assert "何秀英" not in text(page)  # masked until it is opened
    assert NUMBER not in text(page)

    page = send(client, scene)
    assert page.redirect_chain[-1][0] == f"/patients/{scene.patient.pk}/"
    glass = BreakGlass.objects.get()
    shown = text(page)
    assert "何秀英" in shown
    assert f"{FIND}sessions/{glass.pk}/end/" in shown
    assert f'data-due="{glass.until.isoformat()}"' in shown
    assert "an emergency that you stated" in shown
    for part in ("results", "timeline", "why"):
        assert client.get(f"/patients/{scene.patient.pk}/{part}/").status_code == 200
    reasons = AuditRow.objects.filter(action="record.read").values_list("reason", flat=True)
    assert set(reasons) == {"break_glass"}

    client.post(f"{FIND}sessions/{glass.pk}/end/", follow=True)
    assert client.get(f"/patients/{scene.patient.pk}/").status_code == 404
    assert "Waits for review" in text(client.get(FIND))


def test_when_the_hour_is_over_the_pages_are_gone(client, scene, clock):
    find(client)
    send(client, scene)
    clock.shift(timedelta(minutes=60))
    assert client.get(f"/patients/{scene.patient.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("", "Please enter the ID or health card number."),
        ("52012119580409992", "18"),
        (FIRST17[:-1] + "3" + check_digit(FIRST17[:-1] + "3"), "Nobody is registered"),
    ],
)
def test_a_number_that_finds_nobody_says_why(client, scene, number, said):
    page = text(find(client, number))
    assert said in page
    assert not AuditRow.objects.filter(action="person.look").exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"code": ""}, "choose what kind of emergency"),
        ({"text": "short"}, "10+ characters"),
        ({"pin": ""}, "The PIN is wrong"),
        ({"pin": WRONG}, "4 tries are left"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(client, scene, changed, said):
    find(client)
    page = text(send(client, scene, **{"text": WHY + "。"} | changed))
    assert said in page
    assert "text" in changed or WHY in page
    assert PIN not in page
    assert not BreakGlass.objects.exists()


def test_without_a_key_the_password_opens(client, scene):
    SigningKey.objects.all().delete()
    scene.doctor.password = make_password(PASSWORD)
    scene.doctor.save()
    client.force_login(scene.doctor)
    assert 'name="password"' in text(find(client))
    assert "The password is wrong" in text(send(client, scene, password="wrong"))  # noqa: S106
    assert not BreakGlass.objects.exists()
    send(client, scene, password=PASSWORD)
    assert BreakGlass.objects.exists()


def test_an_address_alone_opens_nothing(client, scene):
    assert client.get(f"{FIND}{scene.patient.pk}/").status_code == 404
    send(client, scene)
    assert not BreakGlass.objects.exists()


def test_the_review_shows_who_why_and_what_but_no_content(client, by, scene):
    find(client)
    send(client, scene)
    glass = BreakGlass.objects.get()
    client.force_login(scene.auditor)
    page = text(client.get(f"{REVIEWS}{glass.pk}/"))
    assert "still open" in page
    assert 'name="finding"' not in page
    end(scene, by, glass)

    assert scene.doctor.name in text(client.get(REVIEWS))
    page = text(client.get(f"{REVIEWS}{glass.pk}/"))
    assert WHY in page
    assert "looked at" in page
    assert "record.read" not in page
    assert "何秀英" not in page
    assert "none so far" in page
    refused = client.post(f"{REVIEWS}{glass.pk}/", {"finding": "misuse", "text": "x"}, follow=True)
    assert "at least 10 characters" in text(refused)
    done = client.post(f"{REVIEWS}{glass.pk}/", {"finding": "misuse", "text": FOUND}, follow=True)
    assert done.redirect_chain[-1][0] == REVIEWS
    assert "Found to be misuse" in text(done)
    assert 'name="finding"' not in text(client.get(f"{REVIEWS}{glass.pk}/"))
    client.force_login(scene.office)
    assert 'value="justified"' in text(client.get(f"{REVIEWS}{glass.pk}/"))
    for action in ("breakglass.list", "breakglass.read", "breakglass.review"):
        assert AuditRow.objects.filter(action=action).exists()


def test_the_list_of_reviews_costs_the_same_for_one_and_for_many(client, by, scene):
    def cost():
        client.force_login(scene.auditor)
        with CaptureQueriesContext(connection) as asked:
            text(client.get(REVIEWS))
        return len(asked)

    end(scene, by, open_record(scene, by))
    one = cost()
    for _n in range(4):
        doctor = StaffFactory(role="specialist", organisation=scene.hospital)
        BreakGlass.objects.filter(actor=scene.doctor).update(actor=doctor)
        end(scene, by, open_record(scene, by, patient=PatientFactory()))
    assert cost() == one


@pytest.mark.parametrize("before", ["x", "0", "\x00"])
def test_a_page_of_reviews_that_does_not_exist_is_refused(client, scene, before):
    client.force_login(scene.auditor)
    assert client.get(REVIEWS, {"before": before}).status_code == 400


def test_the_resident_reads_of_it_first_and_in_amber(client, by, scene):
    glass = open_record(scene, by)
    client.force_login(scene.doctor)
    client.get(f"/patients/{scene.patient.pk}/")
    client.get(f"/patients/{scene.patient.pk}/results/")

    client.force_login(scene.resident)
    page = text(client.get(LOOKED))
    assert page.index("In an emergency") < page.index("Everybody who looked")
    assert WHY in page
    assert "Opened 2 pages or pictures" in page
    assert f'vis--br" id="e-{glass.pk}"' in page
    assert "open until 10:00" in page
    end(scene, by, glass)
    assert "An auditor reviews it" in text(client.get(LOOKED))
    review(scene, by, glass)
    assert "Reviewed: proper" in text(client.get(LOOKED))


def test_the_first_page_of_the_medical_office_says_what_waits(client, by, scene):
    end(scene, by, open_record(scene, by))
    client.force_login(scene.office)
    assert "1 emergency access to review" in text(client.get("/"))
