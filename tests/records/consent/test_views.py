import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from records.consent.models import CareAccess
from records.mpi.identity import check_digit
from records.mpi.models import ID_CARD, Pair, Patient
from telemed.audit.models import AuditRow
from telemed.core import secrecy
from telemed.people.models import Role
from tests.factories.people import PatientFactory, StaffFactory, treated

pytestmark = pytest.mark.django_db
CARD = "52012119580409991" + check_digit("52012119580409991")
FEMALE = "52012119880409992" + check_digit("52012119880409992")
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


def test_an_unconscious_person_is_registered_with_nothing_known_and_used_at_once(client, doctor):
    answer = client.post(NEW, {"because": "unconscious"})
    made = Patient.objects.get()
    assert answer.headers["location"] == f"/patients/{made.pk}/"
    page = client.get(answer.headers["location"]).content.decode()
    assert made.temporary_no in page
    assert f"/patients/{made.pk}/identify/" in page
    assert made.name in client.get(SEARCH, {"q": made.temporary_no}).content.decode()
    assert client.get(f"/cases/emergency/?patient={made.pk}").status_code == 200


def test_a_newborn_is_registered_by_the_mothers_number(client, doctor):
    client.post(NEW, {"name": "吴金花", "id_card": FEMALE})
    today = timezone.localdate().isoformat()
    child = {"because": "newborn", "sex": "female", "birth_date": today}
    refused = client.post(NEW, child | {"mother": "T26010100000"}, follow=True)
    assert refused.context["form"].errors["mother"]
    client.post(NEW, child | {"mother": FEMALE})
    assert Patient.objects.get(birth_order=1).mother.name == "吴金花"


def test_the_id_is_added_on_its_page_or_sent_for_review(client, doctor):
    client.post(NEW, {"because": "unconscious"})
    client.post(NEW, {"because": "unconscious"})
    first, second = Patient.objects.order_by("pk")
    page = f"/patients/{first.pk}/identify/"
    assert client.get(page).status_code == 200
    wrong = client.post(page, {"id_card": "1"}, follow=True)
    assert wrong.context["form"].errors["id_card"]
    client.post(page, {"id_card": CARD, "name": "张三丰"})
    first.refresh_from_db()
    assert (first.name, first.is_temporary) == ("张三丰", False)
    client.post(f"/patients/{second.pk}/identify/", {"id_card": CARD})
    second.refresh_from_db()
    assert second.is_temporary
    assert Pair.objects.get().said == "id_taken"


def test_nobody_else_adds_an_id(client, doctor):
    page = f"/patients/{PatientFactory().pk}/identify/"
    assert client.get(page).status_code == 404
    assert "张三丰" not in client.post(page, {"id_card": CARD}, follow=True).content.decode()
    assert not Patient.objects.exclude(id_card_hash=None).exists()


TWIN = {"name": "张三丰", "sex": "male", "birth_date": "1958-04-09"}


def test_possible_doubles_are_shown_first_masked_and_another_person_needs_a_reason(client, doctor):
    stranger = PatientFactory(id_card_tail="991X")
    refused = client.post(NEW, TWIN, follow=True)
    assert refused.context["form"].errors["another"]
    (row,) = refused.context["alike"]
    assert (row.patient, row.seen, row.usable) == (stranger, False, False)
    page = refused.content.decode()
    assert "张**" in page
    assert client.post(NEW, TWIN | {"another": "x"}, follow=True).context["form"].errors["another"]
    client.post(NEW, TWIN | {"another": "同名同日的堂兄弟"})
    assert Patient.objects.count() == 2
    assert Pair.objects.get().said == "同名同日的堂兄弟"


def test_a_record_of_elsewhere_is_used_with_the_id_number_only(client, doctor):
    stranger = PatientFactory(
        id_card_tail=CARD[-4:], id_card_hash=secrecy.keyed_hash(CARD, purpose=ID_CARD)
    )
    refused = client.post(NEW, TWIN | {"use": stranger.pk}, follow=True)
    assert refused.context["form"].errors["id_card"]
    assert not CareAccess.objects.exists()
    answer = client.post(NEW, {"name": "张三丰", "id_card": CARD, "use": stranger.pk})
    assert answer.headers["location"] == f"/patients/{stranger.pk}/"
    assert CareAccess.objects.get().org == doctor.organisation.number
    assert AuditRow.objects.filter(action="person.use").count() == 1


def test_only_who_matches_what_was_typed_can_be_used(client, doctor):
    hidden = PatientFactory(name="李四", pinyin="li si", birth_date="1990-01-01")
    for use in (hidden.pk, "x"):
        assert client.post(NEW, TWIN | {"use": use}).status_code == 303
    assert not CareAccess.objects.exists()
    refusals = AuditRow.objects.exclude(refused="").values_list("refused", flat=True)
    assert set(refusals) == {"not_found"}
