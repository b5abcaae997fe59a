import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from records.consent.models import CareAccess
from records.mpi.identity import check_digit
from records.mpi.models import Patient
from telemed.audit.models import AuditRow
from telemed.people.models import Role
from tests.factories.people import PatientFactory, StaffFactory, treated

pytestmark = pytest.mark.django_db
CARD = "52012119580409991" + check_digit("52012119580409991")
SEARCH, NEW = "/patients/", "/patients/new/"


@pytest.fixture
def doctor(client):
    doctor = StaffFactory(role=Role.TOWNSHIP_DOCTOR)
    client.force_login(doctor)
    return doctor


@pytest.fixture
def patient(doctor):
    return treated(PatientFactory(id_card_tail="991X"), doctor.organisation)


def as_json(client, **query):
    return client.get(SEARCH, query, headers={"accept": "application/json"})


def test_the_page_shows_who_was_found_masked_and_why(client, patient):
    page = client.get(SEARCH, {"q": "zsf"}).content.decode()
    assert "张三丰" in page
    assert "*" * 14 + "991X" in page
    assert f'href="/patients/{patient.pk}/"' in page


def test_nobody_found_offers_to_register(client, doctor):
    page = client.get(SEARCH, {"q": "<b>nobody"})
    assert NEW in page.content.decode()
    assert "<b>nobody" not in page.content.decode()


def test_the_find_box_gets_suggestions_as_json(client, patient):
    (found,) = as_json(client, q="zsf").json()["patients"]
    assert found["name"] == "张三丰"
    assert found["url"] == reverse("chart:patient", args=[patient.pk])
    assert found["why"]
    assert set(found) == {"id", "name", "sex_age", "id_card", "why", "url"}


def test_suggestions_are_few_however_many_there_are(client, doctor):
    for _ in range(12):
        treated(PatientFactory(), doctor.organisation)
    assert len(as_json(client, q="z").json()["patients"]) == 8


def test_searching_is_traced_without_what_was_typed(client, patient):
    client.get(SEARCH, {"q": CARD})
    row = AuditRow.objects.get(action="patient.search")
    assert CARD not in str(row.__dict__)


def test_opening_a_person_is_traced_with_its_reason(client, doctor, patient):
    assert client.get(f"/patients/{patient.pk}/").status_code == 200
    row = AuditRow.objects.get(action="record.read")
    assert (row.patient_id, row.reason) == (str(patient.pk), "treated_here")


def test_a_hidden_person_is_not_found(client, doctor):
    assert client.get(f"/patients/{PatientFactory().pk}/").status_code == 404


@pytest.mark.parametrize(
    "role", sorted(set(Role) - {Role.TOWNSHIP_DOCTOR, Role.SPECIALIST, Role.RESIDENT})
)
@pytest.mark.parametrize("url", [SEARCH, NEW])
def test_only_clinicians_find_and_register(client, role, url):
    client.force_login(StaffFactory(role=role))
    assert client.get(url).status_code == 403


@pytest.mark.parametrize("url", [SEARCH, NEW])
def test_a_resident_is_refused_and_a_stranger_signs_in_first(client, stranger, url):
    assert client.get(url).status_code == 302
    client.force_login(stranger)
    assert client.get(url).status_code == 403


def test_registering_treats_the_person_here_and_shows_them(client, doctor):
    answer = client.post(NEW, {"name": "吴金花", "id_card": CARD})
    made = Patient.objects.get()
    assert answer.headers["location"] == f"/patients/{made.pk}/"
    assert CareAccess.objects.get().org == doctor.organisation.number
    assert client.get(answer.headers["location"]).status_code == 200


def test_a_wrong_number_is_said_at_its_field_and_what_was_typed_stays(client, doctor):
    wrong = CARD[:17] + ("1" if CARD[17] != "1" else "2")
    answer = client.post(NEW, {"name": "吴金花", "id_card": wrong}, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain[0][1] == 303
    assert CARD[17] in answer.context["form"].errors["id_card"][0]
    assert wrong in page
    assert not Patient.objects.exists()
    assert AuditRow.objects.get().refused == "invalid"


def test_a_number_that_is_taken_is_said_at_its_field(client, doctor):
    client.post(NEW, {"name": "吴金花", "id_card": CARD})
    answer = client.post(NEW, {"name": "吴金花", "id_card": CARD}, follow=True)
    assert "吴**" in answer.context["form"].errors["id_card"][0]


def test_an_empty_form_names_the_missing_field(client, doctor):
    page = client.post(NEW, {}, follow=True)
    assert page.context["form"].errors["name"]


@pytest.mark.parametrize("query", [{"after": "x"}, {"q": "z" * 61}, {"q": "\x00"}])
def test_bad_input_is_refused_in_words(client, doctor, query):
    assert client.get(SEARCH, query).status_code == 422


def test_a_page_of_results_costs_no_more_queries_with_more_people(client, doctor):
    def page():
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(SEARCH, {"q": "zhang"})
        return len(captured), answer

    treated(PatientFactory(), doctor.organisation)
    page()  # the session's own rows
    few, _answer = page()
    for _ in range(25):
        treated(PatientFactory(), doctor.organisation)
    many, answer = page()

    assert many == few <= 15
    assert len(answer.context["rows"]) == 20
    assert answer.context["page"].after
