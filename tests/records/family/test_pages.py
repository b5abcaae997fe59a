"""The card on the patient page and its forms, as a township doctor at the desk uses them."""

import pytest
from django.utils import timezone

from records.mpi.health_cards import luhn_digit
from records.mpi.identity import check_digit
from records.mpi.models import HealthCard, Household, Member, Patient, Relation
from records.mpi.services import register_patient
from telemed.audit.models import AuditRow
from telemed.core.intentions import intention
from telemed.people.models import Role
from tests.factories.people import PatientFactory, StaffFactory, treated
from tests.records.mpi.test_relations import years_ago

pytestmark = pytest.mark.django_db
CARD = "520121000000123"
CARD += luhn_digit(CARD)


@pytest.fixture
def doctor(client):
    doctor = StaffFactory(role=Role.TOWNSHIP_DOCTOR, language="en")
    client.force_login(doctor)
    return doctor


@pytest.fixture
def child(doctor):
    return treated(PatientFactory(name="陈浩宇", birth_date=years_ago(5)), doctor.organisation)


def number(birth, order="992"):
    first = f"520121{birth:%Y%m%d}{order}"
    return first + check_digit(first)


@pytest.fixture
def mother(doctor):
    """Registered somewhere else, and found by the whole of her number alone."""
    with intention(doctor, door="test"):
        return register_patient(
            actor=doctor,
            organisation=StaffFactory(role=Role.TOWNSHIP_DOCTOR).organisation,
            name="李小梅",
            id_card=number(years_ago(30)),
        )


def add(client, child, mother, **changed):
    sent = {
        "delegate": mother.id_card,
        "basis": "birth",
        "kin": "mother",
        "papers": "birth_certificate",
    }
    return client.post(f"/patients/{child.pk}/family/add/", sent | changed, follow=True)


def test_a_guardian_is_added_with_papers_and_stands_on_the_page(client, child, mother):
    page = client.get(f"/patients/{child.pk}/").content.decode()
    assert f"/patients/{child.pk}/family/add/" in page
    page = add(client, child, mother)
    assert page.redirect_chain[-1][0] == f"/patients/{child.pk}/"
    assert "李小梅" in page.content.decode()
    relation = Relation.objects.get()
    assert (relation.subject, relation.delegate) == (child, mother)
    looked = AuditRow.objects.get(action="person.look")
    assert looked.patient_id == str(mother.pk)


def test_and_is_ended_by_hand(client, child, mother):
    add(client, child, mother)
    relation = Relation.objects.get()
    at = f"/patients/{child.pk}/family/{relation.pk}/end/"
    assert "李小梅" in client.get(at).content.decode()
    client.post(at, {"because": ""}, follow=True)
    assert Relation.objects.in_force().exists()
    page = client.post(at, {"because": "custody"}, follow=True)
    assert not Relation.objects.in_force().exists()
    assert "family/add" in page.content.decode()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"delegate": ""}, "enter the ID or health card"),
        ({"delegate": "张三"}, "18 characters"),
        ({"delegate": "520121199605062222"}, "last character is wrong"),
        ({"basis": "x"}, "Select a valid choice"),
        ({"starts_on": "yesterday"}, "Enter a valid date"),
        ({"papers": ""}, "papers you have seen"),
        ({"delegate": number(years_ago(41))}, "Nobody is registered"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client, child, mother, changed, says):
    page = add(client, child, mother, **changed).content.decode()
    assert says in page
    assert 'id="refused"' in page
    assert not Relation.objects.exists()


def test_a_child_is_not_its_own_guardian(client, doctor, mother):
    treated(mother, doctor.organisation)
    assert "themselves" in add(client, mother, mother).content.decode()


def test_whom_one_does_not_treat_one_gives_no_guardian(client, doctor, mother):
    stranger = PatientFactory(birth_date=years_ago(5))
    assert client.get(f"/patients/{stranger.pk}/family/add/").status_code == 404
    assert stranger.name not in add(client, stranger, mother).content.decode()
    assert not Relation.objects.exists()


def test_a_household_has_a_head_members_and_an_address(client, doctor, child, mother):
    treated(mother, doctor.organisation)
    at = f"/patients/{mother.pk}/household/"
    page = client.post(at, {"address": ""}, follow=True)
    assert "village and house" in page.content.decode()
    client.post(at, {"address": "双永村 3 组 12 号"})
    household = Household.objects.get()
    assert household.division == doctor.organisation.division
    with intention(doctor, door="test"):
        sister = register_patient(
            actor=doctor,
            organisation=doctor.organisation,
            name="李小兰",
            id_card=number(years_ago(25)),
        )
    joining = {"person": sister.id_card, "kin": "sibling"}
    assert "双永村" in client.post(at, joining, follow=True).content.decode()
    assert Member.objects.filter(left_on=None).count() == 2
    again = client.post(at, joining, follow=True).content.decode()
    assert "lives in a household already" in again


def test_a_head_who_leaves_is_followed_by_somebody(client, doctor, mother):
    treated(mother, doctor.organisation)
    at = f"/patients/{mother.pk}/household/"
    client.post(at, {"address": "双永村"})
    with intention(doctor, door="test"):
        sister = register_patient(
            actor=doctor,
            organisation=doctor.organisation,
            name="李小兰",
            id_card=number(years_ago(25)),
        )
    client.post(at, {"person": sister.id_card, "kin": "sibling"})
    head = Member.objects.get(is_head=True)
    leave = f"{at}{head.pk}/leave/"
    today = timezone.localdate().isoformat()
    page = client.post(leave, {"left_on": today}, follow=True).content.decode()
    assert "head of the household next" in page
    early = client.post(leave, {"left_on": "2001-01-01", "next_head": sister.pk}, follow=True)
    assert "before the start" in early.content.decode()
    client.post(leave, {"left_on": today, "next_head": sister.pk})
    left, stays = Member.objects.get(pk=head.pk), Member.objects.get(person=sister)
    assert (left.left_on, stays.is_head, stays.kin) == (timezone.localdate(), True, "")


def bear(client, mother, **changed):
    sent = {"sex": "female", "birth_date": timezone.localdate().isoformat(), "birth_order": "1"}
    return client.post(f"/patients/{mother.pk}/newborn/", sent | changed, follow=True)


def test_a_newborn_is_registered_from_its_mother(client, doctor, mother):
    treated(mother, doctor.organisation)
    assert bear(client, mother, birth_time="00:00", guardian="on").status_code == 200
    child = Patient.objects.get(mother=mother)
    assert (child.name, child.birth_order, child.is_temporary) == ("李小梅之女", 1, True)
    assert child.birth_time is not None
    assert Relation.objects.get(subject=child).delegate == mother
    assert client.get(f"/patients/{mother.pk}/newborn/").context["form"]["birth_order"].value() == 2
    bear(client, mother, birth_order="2")
    twin = Patient.objects.get(mother=mother, birth_order=2)
    assert twin.name == "李小梅之女2"


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"birth_order": "1"}, "registered already"),
        ({"birth_date": "2001-01-01", "birth_order": "2"}, "last 28 days"),
        ({"birth_order": "0"}, "greater than or equal"),
        ({"birth_order": "2", "birth_time": "soon"}, "Enter a valid time"),
    ],
)
def test_a_birth_that_cannot_be_is_refused(client, doctor, mother, changed, says):
    treated(mother, doctor.organisation)
    bear(client, mother)
    assert says in bear(client, mother, **changed).content.decode()
    assert Patient.objects.filter(mother=mother).count() == 1


def test_a_health_card_is_kept_sealed_masked_and_found_by_the_whole_number(client, doctor, child):
    at = f"/patients/{child.pk}/health-card/"
    page = client.post(at, {"health_card": f"{CARD[:4]} {CARD[4:]}"}, follow=True).content.decode()
    assert CARD[-4:] in page
    assert CARD not in page
    assert CARD not in str(HealthCard.objects.values().get())
    assert HealthCard.objects.get().number == CARD
    assert child.name in client.get("/patients/", {"q": CARD}).content.decode()
    assert child.name not in client.get("/patients/", {"q": CARD[:-1]}).content.decode()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "16 digits"),
        ("520121", "16 digits"),
        (CARD[:-1] + str((int(CARD[-1]) + 1) % 10), "fails its check"),
        ("99" + CARD[2:], "No place begins with"),
        ("x" * 16, "digits only"),
    ],
)
def test_a_wrong_card_is_said(client, child, typed, says):
    at = f"/patients/{child.pk}/health-card/"
    assert says in client.post(at, {"health_card": typed}, follow=True).content.decode()
    assert not HealthCard.objects.exists()


def test_a_card_has_one_holder_and_a_holder_one_card(client, doctor, child):
    other = treated(PatientFactory(name="别人"), doctor.organisation)
    client.post(f"/patients/{child.pk}/health-card/", {"health_card": CARD})
    at = f"/patients/{other.pk}/health-card/"
    page = client.post(at, {"health_card": CARD}, follow=True).content.decode()
    assert "belongs to another record" in page
    new = "520121000000124"
    new += luhn_digit(new)
    client.post(f"/patients/{child.pk}/health-card/", {"health_card": new})
    assert HealthCard.objects.get(active=True).tail == new[-4:]
    assert child.name not in client.get("/patients/", {"q": CARD}).content.decode()
    client.post(at, {"health_card": CARD})  # a number that is free again
    assert HealthCard.objects.filter(active=True).count() == 2


def test_the_card_is_entered_at_registration(client, doctor):
    sent = {"name": "王兴发", "id_card": number(years_ago(60), "991"), "health_card": CARD}
    client.post("/patients/new/", sent)
    assert HealthCard.objects.get().patient.name == "王兴发"
    other = {"name": "张国富", "id_card": number(years_ago(50), "991"), "health_card": CARD}
    page = client.post("/patients/new/", other, follow=True).content.decode()
    assert "belongs to another record" in page
    assert not Patient.objects.filter(name="张国富").exists()


def test_a_death_is_entered_shown_and_taken_back(client, doctor):
    patient = treated(PatientFactory(name="陈老"), doctor.organisation)
    at = f"/patients/{patient.pk}/death/"
    assert at in client.get(f"/patients/{patient.pk}/").content.decode()
    day = timezone.localdate()
    sent = {"died_on": f"{day:%Y-%m-%d}", "source": "certificate", "second_source": ""}
    page = client.post(at, sent, follow=True).content.decode()
    assert "A death needs a second source." in page
    page = client.post(at, sent | {"second_source": "family"}, follow=True).content.decode()
    assert f"Died on {day:%Y-%m-%d}" in page
    assert at not in page.replace(f"{at}undo/", "")
    undo = f"{at}undo/"
    assert undo in page
    assert "Take it back" in client.get(undo).content.decode()
    client.post(undo, {"because": "Another man of that name"}, follow=True)
    patient.refresh_from_db()
    assert patient.deceased_on is None
