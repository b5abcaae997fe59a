"""What the record says in a few sentences, and what it warns of."""

import pytest
import time_machine
from django.utils.translation import override

from records.chart import queries, summary
from telemed.audit.models import AuditRow
from telemed.core.errors import NotFound
from tests.factories.people import StaffFactory
from tests.records.chart.conftest import BUNDLES, resources_of
from tests.records.chart.r4 import (
    SNOMED,
    allergy,
    concept,
    condition,
    observation,
    pressure,
    request,
    statement,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _the_day():
    with time_machine.travel("2026-11-24T09:41:00+08:00", tick=False), override("en"):
        yield


@pytest.fixture
def filled(patient, keep):
    keep(
        patient,
        condition("高血压", onsetDateTime="2011"),
        condition("痛风", "resolved"),
        allergy("青霉素", reaction=[{"manifestation": [concept("皮疹")]}]),
        statement("华法林", dosage=[{"text": "3 mg 每日 1 次"}]),
        pressure(162, 94),
        observation("6301-6", 2.6),
    )
    return patient


def test_the_summary_is_one_paragraph_in_english(by, doctor, filled):
    with by(doctor):
        told = summary.prefill(doctor, filled)["summary"]

    assert told == (
        "F 68 y. Allergies: 青霉素: 皮疹. Problems: 高血压 (since 2011). "
        "Taking: 华法林 3 mg 每日 1 次. Last vital signs: Blood pressure 162/94 mmHg (11-14). "
        "Last results: INR 2.6 (11-10)."
    )


def test_the_summary_is_one_paragraph_in_chinese(by, doctor, filled):
    with by(doctor), override("zh-hans"):
        told = summary.prefill(doctor, filled)["summary"]

    assert told == (
        "女 68岁。过敏：青霉素：皮疹。现有问题：高血压（2011 起）。"
        "在用药：华法林 3 mg 每日 1 次。最近体征：血压 162/94 mmHg（11-14）。"
        "最近检验：INR 2.6（11-10）。"
    )


def test_reading_for_a_summary_leaves_a_trace(by, doctor, patient):
    with by(doctor):
        summary.prefill(doctor, patient)

    assert AuditRow.objects.get(action="record.read").patient_id == str(patient.pk)


def test_a_stranger_gets_no_summary(by, patient):
    stranger = StaffFactory()

    with by(stranger), pytest.raises(NotFound):
        summary.prefill(stranger, patient)


def test_an_empty_record_says_that_nobody_asked(by, doctor, patient):
    with by(doctor):
        assert summary.prefill(doctor, patient)["summary"] == "F 68 y. Allergies: not asked."


def test_a_long_record_is_shortened_and_keeps_every_allergy(by, doctor, patient, keep):
    keep(
        patient,
        *(condition(f"Problem {n} {'x' * 150}") for n in range(20)),
        *(allergy(f"Substance {n}") for n in range(30)),
        *(statement(f"Medicine {n} {'y' * 100}") for n in range(20)),
    )

    with by(doctor):
        told = summary.prefill(doctor, patient)["summary"]

    assert len(told) <= summary.LIMIT
    assert all(f"Substance {n}" in told for n in range(30))
    assert "and more" in told


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda path: path.stem)
def test_a_whole_record_is_told_within_its_limit(by, doctor, patient, keep, bundle, language):
    record = resources_of(bundle)
    for resource_type in queries.LIMITS:
        keep(patient, *record[resource_type])

    with by(doctor), override(language):
        told = summary.prefill(doctor, patient)["summary"]

    assert 50 < len(told) <= summary.LIMIT


@pytest.mark.parametrize(
    ("kept", "kind", "grave"),
    [
        ([statement("华法林钠片")], "anticoagulant", True),
        ([request("Rivaroxaban 20 MG Oral Tablet")], "anticoagulant", True),
        ([statement("利伐沙班", "completed")], None, None),
        ([observation("33914-3", 52)], "renal", False),
        ([observation("33914-3", 29.9)], "renal", True),
        ([observation("33914-3", 60)], None, None),
        ([observation("33914-3", 20, at="2020-01-01"), observation("33914-3", 90)], None, None),
        ([condition("Normal pregnancy", onsetDateTime="2026-09-01")], "pregnancy", False),
        ([condition("孕 32 周", recordedDate="2026-11-01")], "pregnancy", False),
        ([condition("Normal pregnancy", onsetDateTime="2019-09-01")], None, None),
        ([condition("History of pregnancy")], None, None),
        (
            [observation("82810-3", valueCodeableConcept=concept("", (SNOMED, "77386006")))],
            "pregnancy",
            False,
        ),
        (
            [
                observation("82810-3", valueCodeableConcept=concept("", (SNOMED, "60001007"))),
                condition("Pregnant", recordedDate="2026-05-01"),
            ],
            None,
            None,
        ),
        ([condition("心脏起搏器植入术后")], "implant", False),
        (
            [
                {
                    "resourceType": "Procedure",
                    "status": "completed",
                    "code": concept("Insertion of coronary stent"),
                }
            ],
            "implant",
            False,
        ),
        ([condition("Removal of implant")], None, None),
        ([condition("高血压")], None, None),
    ],
)
def test_what_may_hurt_the_patient_is_seen(patient, keep, kept, kind, grave):
    keep(patient, *kept)

    found = summary.safety(patient).dangers

    assert [(danger.kind, danger.grave) for danger in found] == ([(kind, grave)] if kind else [])


def test_a_man_is_not_pregnant(patient, keep):
    patient.sex = "male"
    keep(patient, condition("Pregnancy", recordedDate="2026-11-01"))

    assert summary.safety(patient).dangers == ()


def test_who_may_not_read_sees_the_person_and_nothing_of_the_record(patient, keep):
    keep(patient, allergy("Latex"))
    coordinator = StaffFactory(role="coordinator")

    banner = queries.banner_of(coordinator, patient)

    assert (banner.patient, banner.safety, banner.reasons) == (patient, None, ())
    assert queries.panel_of(coordinator, patient) is None


def test_the_side_panel_holds_what_counts_now(doctor, filled):
    panel = queries.panel_of(doctor, filled)

    assert panel is not None
    assert [row.text for row in panel.problems.content.now] == ["高血压"]
    assert [row.text for row in panel.medicines.content.now] == ["华法林"]
    assert {trend.result.newest.label for trend in panel.results.content} == {
        "Blood pressure",
        "INR",
    }
