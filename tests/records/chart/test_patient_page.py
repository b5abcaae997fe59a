"""The patient page: who may open it, what it says, what it costs."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from records.chart import cards, queries, reading, sections, sources
from records.consent.models import Basis
from telemed.audit.models import AuditRow
from tests.factories.people import CareAccessFactory, PatientFactory, StaffFactory, UserFactory
from tests.records.chart.conftest import BUNDLES, resources_of
from tests.records.chart.r4 import allergy, condition, observation, pressure, statement

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _the_day():
    with time_machine.travel("2026-11-24T09:41:00+08:00", tick=False):
        yield


@pytest.fixture
def page(client):
    """page(actor, patient, name, **query): a page about that patient as this person sees it."""

    def get(actor, patient, name="patient", language="en", **query):
        client.force_login(actor)
        client.cookies["language"] = language
        return client.get(reverse(f"chart:{name}", args=[patient.pk]), query)

    return get


def text_of(response):
    return " ".join(response.content.decode().split())


def test_opening_a_record_leaves_a_trace_with_its_reason(page, doctor, patient):
    assert page(doctor, patient).status_code == 200

    row = AuditRow.objects.get(action="record.read")
    assert (row.actor_id, row.patient_id) == (doctor.actor_id, str(patient.pk))
    assert (row.reason, row.target, row.door) == ("treated_here", f"Patient/{patient.pk}", "web")


@pytest.mark.parametrize("name", ["patient", "results", "timeline", "why"])
def test_for_a_stranger_the_record_does_not_exist(page, patient, name):
    for stranger in (UserFactory(), StaffFactory(), StaffFactory(role="coordinator")):
        assert page(stranger, patient, name).status_code == 404
    assert not AuditRow.objects.filter(action="record.read").exists()


@pytest.mark.parametrize("name", ["patient", "results", "timeline", "why"])
def test_nobody_reads_without_signing_in(client, patient, name):
    response = client.get(reverse(f"chart:{name}", args=[patient.pk]))

    assert response.status_code == 302


def test_residents_read_their_own_record(page, keep):
    resident = UserFactory()
    own = PatientFactory(user=resident)
    keep(own, condition("高血压"))

    response = page(resident, own)

    assert "高血压" in text_of(response)
    assert AuditRow.objects.get(action="record.read").reason == "own_record"


def test_a_specialist_reads_while_the_case_is_open_and_adds_nothing(page, patient):
    specialist = StaffFactory(role="specialist")
    CareAccessFactory(org=specialist.organisation.number, patient=patient.rid, basis=Basis.CASE)

    html = text_of(page(specialist, patient))

    assert "an open case" in html
    assert "Add images" not in html


def test_the_page_says_who_it_is_and_what_may_hurt_them(page, doctor, patient, keep):
    keep(
        patient,
        allergy("青霉素", reaction=[{"manifestation": [{"text": "皮疹"}]}]),
        statement("华法林 3 mg", dosage=[{"text": "每日 1 次"}]),
        observation("6301-6", 2.6),
        observation("33914-3", 52, "mL/min/1.73m2"),
        condition("Presence of cardiac pacemaker", onsetDateTime="2019"),
        condition("高血压 3 级", onsetDateTime="2011"),
        pressure(162, 94),
    )

    html = text_of(page(doctor, patient))

    for said in (
        "吴金花",
        "1958-04-09",
        "**************0426",
        "青霉素: 皮疹",
        "Anticoagulant: 华法林 3 mg, INR 2.6 (11-10)",
        "Kidneys: eGFR 52",
        "Implant: Presence of cardiac pacemaker",
        "since 2011",
        "162/94",
        "每日 1 次",
        "treated at your institution",
        "Add images",
    ):
        assert said in html, said


def test_the_page_speaks_chinese(page, doctor, patient, keep):
    keep(patient, pressure(162, 94), statement("Warfarin"))

    html = text_of(page(doctor, patient, language="zh-hans"))

    for said in ("血压", "抗凝", "过敏：未询问", "现在的问题"):
        assert said in html, said


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ([], "Allergies: not asked"),
        ([allergy("无已知过敏")], "无已知过敏"),
        ([allergy("Latex")], "Allergy Latex"),
    ],
)
def test_allergies_have_three_forms(page, doctor, patient, keep, kept, said):
    keep(patient, *kept)

    assert said in text_of(page(doctor, patient))


def test_no_allergy_is_ever_left_out(page, doctor, patient, keep):
    keep(patient, *(allergy(f"Substance {n}") for n in range(40)))

    html = text_of(page(doctor, patient))

    assert all(f"Allergy Substance {n}<" in html for n in range(40))


HOSTILE = '<script>alert(1)</script>" onload="x'


def test_what_the_record_says_is_never_markup(page, doctor, patient, keep):
    keep(
        patient,
        condition(HOSTILE, onsetString=HOSTILE),
        allergy(HOSTILE, reaction=[{"manifestation": [{"text": HOSTILE}]}]),
        statement(HOSTILE, dosage=[{"text": HOSTILE}]),
        observation(HOSTILE, 1, HOSTILE),
        {
            "resourceType": "Encounter",
            "status": "finished",
            "class": {"code": HOSTILE, "display": HOSTILE},
            "reasonCode": [{"text": HOSTILE}],
        },
    )

    for name in ("patient", "results", "timeline"):
        html = page(doctor, patient, name).content.decode()
        assert "<script>alert" not in html
        assert '" onload="' not in html
        assert " style=" not in html


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda path: path.stem)
def test_a_whole_record_is_one_page(page, doctor, patient, keep, bundle):
    record = resources_of(bundle)
    for resource_type in queries.LIMITS:
        keep(patient, *record[resource_type])

    for name in ("patient", "results", "timeline"):
        assert page(doctor, patient, name).status_code == 200


def test_the_page_costs_the_same_however_long_the_record(client, page, doctor, patient, keep):
    keep(patient, condition("高血压"))
    page(doctor, patient)  # signs in
    address = reverse("chart:patient", args=[patient.pk])
    with CaptureQueriesContext(connection) as short:
        client.get(address)
    keep(patient, *(condition(f"Problem {n}") for n in range(300)))
    keep(patient, *(observation("718-7", n) for n in range(3_000)))
    with CaptureQueriesContext(connection) as long:
        client.get(address)

    assert len(long) == len(short)
    asked = [query["sql"] for query in long if "SAVEPOINT" not in query["sql"]]
    # Seven for the family, one for each relation; whether they treat the patient is asked once,
    # whoever's part asks it.
    assert len(asked) <= 28, "\n".join(asked)


@pytest.mark.parametrize("name", ["problems", "medicines", "measurements", "entries"])
def test_one_part_that_fails_leaves_the_others_standing(
    page, doctor, patient, keep, monkeypatch, name
):
    keep(patient, allergy("Latex"))
    monkeypatch.setattr(reading, name, lambda resources: 1 / 0)

    html = text_of(page(doctor, patient))

    assert "This part could not be read just now" in html
    assert "Allergy Latex" in html
    assert AuditRow.objects.filter(action="record.read").exists()


@pytest.fixture
def silent_store(monkeypatch):
    def record(patient, limits):
        raise OperationalError("statement timeout")

    monkeypatch.setattr(sources, "record", record)
    # The page reads outside its intention; a test is always inside a transaction.
    monkeypatch.setattr(cards, "_in_transaction", lambda: False)


def test_an_allergy_list_that_cannot_be_read_never_passes_for_none(
    page, doctor, patient, silent_store
):
    html = text_of(page(doctor, patient))

    assert "could not be read, ask the patient" in html
    assert "not asked" not in html
    assert "Dangers: part of the record could not be read" in html
    assert AuditRow.objects.filter(action="record.read").exists()


def test_a_statement_that_fails_inside_an_intention_fails_it(by, doctor, patient, monkeypatch):
    def silent(patient, limits):
        raise OperationalError("statement timeout")

    monkeypatch.setattr(sources, "record", silent)

    with pytest.raises(OperationalError), by(doctor):
        queries.banner_of(doctor, patient)


def test_slices_above_add_cards_and_acts(page, doctor, patient, monkeypatch):
    monkeypatch.setattr(sections, "_sections", {})
    for name, place, context in (
        ("cases", sections.Place.CARD, lambda actor, patient: {"page": {"before": "more"}}),
        ("nothing", sections.Place.CARD, lambda actor, patient: None),
        ("broken", sections.Place.CARD, lambda actor, patient: 1 / 0),
        ("ask", sections.Place.ACTS, lambda actor, patient: {"page": {"before": "act"}}),
    ):
        sections.register(
            sections.Section(
                name=name,
                title=f"Title {name}",
                template="chart/_older.html",
                context=context,
                place=place,
            )
        )

    html = text_of(page(doctor, patient))

    assert "before=more" in html
    assert "before=act" in html
    assert "Title nothing" not in html
    assert "Title broken" in html
    assert html.count("This part could not be read just now") == 1


def test_a_section_is_registered_once(monkeypatch):
    monkeypatch.setattr(sections, "_sections", {})
    one, two = (
        sections.Section(name="x", title="x", template="x", context=lambda a, p: None)
        for _n in range(2)
    )
    sections.register(one)
    with pytest.raises(ValueError, match="already"):
        sections.register(two)


def test_all_results_of_a_code_are_paged(page, doctor, patient, keep):
    days = [f"20{year:02}-01-01" for year in range(1, 26)]
    keep(patient, *(observation("718-7", n, at=day) for n, day in enumerate(days * 5)))
    keep(patient, observation("2823-3", 4))
    seen, before = [], ""

    for _page in range(3):
        response = page(doctor, patient, "results", code="http://loinc.org|718-7", before=before)
        found = response.context["page"]
        seen += [row.id for row in found.rows]
        before = found.before

    assert before == ""
    assert len(seen) == len(set(seen)) == 125
    assert "Potassium" in text_of(page(doctor, patient, "results"))


@pytest.mark.parametrize("before", ["x", "2019-01-01|", "|", "2019-01-01T00:00:00"])
def test_a_page_that_is_none_is_refused(page, doctor, patient, before):
    for name in ("results", "timeline"):
        assert page(doctor, patient, name, before=before).status_code == 422


def test_why_is_said_in_words(page, doctor, patient):
    html = text_of(page(doctor, patient, "why"))

    assert "You may read the record" in html
    assert "treated at your institution" in html

    resident = UserFactory()
    own = text_of(page(resident, PatientFactory(user=resident), "why"))
    assert "your own record" in own
    assert "You may not ask for a consult" in own


def test_the_dead_are_said_to_be_dead(page, doctor, patient):
    patient.deceased_on = datetime(2026, 11, 1, tzinfo=UTC).date()
    patient.save()

    assert "Died on 2026-11-01" in text_of(page(doctor, patient))


def test_what_is_not_there_is_not_found(client, doctor):
    client.force_login(doctor)

    assert client.get(reverse("chart:patient", args=[uuid4()])).status_code == 404
