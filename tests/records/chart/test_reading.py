"""From R4 resources to rows."""

from decimal import Decimal

import pytest
import time_machine
from django.utils.translation import override

from records.chart import reading
from records.chart.reading.elements import figure, quantity_text, text_of, when
from tests.records.chart.conftest import BUNDLES, resources_of
from tests.records.chart.r4 import (
    LOINC,
    SNOMED,
    allergy,
    concept,
    condition,
    observation,
    pressure,
    request,
    statement,
)

READERS = {
    "Condition": reading.problems,
    "AllergyIntolerance": reading.allergies,
    "MedicationRequest": reading.medicines,
    "Observation": reading.measurements,
    "Encounter": reading.entries,
    "DiagnosticReport": reading.entries,
    "Procedure": reading.entries,
    "Immunization": reading.entries,
}


@pytest.fixture(autouse=True)
def _the_day():
    with time_machine.travel("2026-11-24T09:41:00+08:00", tick=False), override("en"):
        yield


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda path: path.stem)
def test_every_resource_of_a_whole_record_becomes_a_row(bundle, language):
    resources = resources_of(bundle)
    with override(language):
        for resource_type, reader in READERS.items():
            found = reader(resources[resource_type])
            assert not found.skipped, resource_type
            if resource_type not in {"Condition", "MedicationRequest"}:  # these are shown once
                assert len(found.rows) == len(resources[resource_type])
            assert all(str(getattr(row, "text", "") or row.title) for row in found.rows)


def test_a_blood_pressure_is_one_figure():
    (row,) = reading.measurements([pressure(Decimal("162"), Decimal("94.0"))]).rows

    assert (row.full, row.label, row.amount) == ("162/94 mmHg", "Blood pressure", 162)


def test_results_are_gathered_by_code_with_the_newest_value_and_a_trend_of_one_unit():
    rows = [
        observation("718-7", Decimal("13.1"), "g/dL", at="2026-09-01"),
        observation("718-7", Decimal("12.0"), "g/dL", at="2026-11-01"),
        observation("718-7", Decimal("120"), "g/L", at="2026-10-01"),
    ]

    (result,) = reading.results(reading.measurements(rows)).rows

    assert result.newest.full == "12.0 g/dL"
    assert [point.text for point in result.points] == ["13.1", "12.0"]
    assert result.count == 3


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"valueQuantity": {"value": 5, "comparator": "<", "unit": "ng/L"}}, "<5 ng/L"),
        ({"valueQuantity": {"value": 168.80253764416227, "unit": "cm"}}, "168.8 cm"),
        ({"valueQuantity": {"value": 0.00012345678, "unit": "g"}}, "0.000123 g"),
        ({"valueCodeableConcept": concept("Positive")}, "Positive"),
        ({"valueString": "++"}, "++"),
        ({"valueBoolean": False}, "No"),
        ({"valueInteger": 0}, "0"),
        ({"valueRange": {"low": {"value": 2}, "high": {"value": 5, "unit": "/hpf"}}}, "2–5 /hpf"),
        ({"valueRange": {"high": {"value": 5, "unit": "d"}}}, "≤5 d"),
        ({"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 128}}}, "1 : 128"),
        ({"valueTime": "08:30:00"}, "08:30:00"),
        ({"valueDateTime": "2019-05"}, "2019-05"),
        ({"valuePeriod": {"start": "2019"}}, "2019–…"),
        (
            {"valueSampledData": {"origin": {"value": 0}, "period": 1, "dimensions": 1}},
            "a recorded curve",
        ),
        ({"dataAbsentReason": concept("not performed")}, "no value: not performed"),
        ({"component": [{"code": concept("Eyes"), "valueInteger": 4}]}, "Eyes 4"),
    ],
)
def test_every_kind_of_value_is_read(value, text):
    (row,) = reading.measurements([observation("x", **value)]).rows

    assert row.full == text


@pytest.mark.parametrize(
    "odd",
    [
        {"resourceType": "Observation", "status": "final"},
        {"resourceType": "Observation", "status": "final", "code": {}},
        {"resourceType": "Observation", "status": "final", "code": {"coding": [{}]}},
        observation("x"),
        observation("x", 1, status="entered-in-error"),
        observation("x", 1, status="cancelled"),
        observation("x", 1, modifierExtension=[{"url": "urn:not"}]),
        observation("x", valueQuantity={"unit": "mg"}),
        observation("x", valueQuantity="broken"),
        observation("x", component=[{"code": concept("a")}]),
    ],
)
def test_what_makes_no_row_is_counted_with_a_reason(odd):
    found = reading.measurements([odd, observation("718-7", 12)])

    assert len(found.rows) == 1
    assert [bool(str(one.reason)) for one in found.skipped] == [True]


def test_the_laboratory_says_what_is_out_of_range_before_the_range_does():
    span = [{"low": {"value": 3.5}, "high": {"value": 5.3, "unit": "mmol/L"}}]
    critical = [concept("", ("http://terminology.hl7.org/CodeSystem/v3", "HH"))]
    normal = [concept("", ("http://terminology.hl7.org/CodeSystem/v3", "N"))]
    rows = [
        observation("2823-3", 5.9, referenceRange=span),
        observation("2823-3", 3.1, referenceRange=span),
        observation("2823-3", 4.0, referenceRange=span),
        observation("2823-3", 5.4, referenceRange=span, interpretation=normal),
        observation("2823-3", 6.8, referenceRange=span, interpretation=critical),
    ]

    found = reading.measurements(rows).rows

    assert [row.flag for row in found] == ["H", "L", "", "", "HH"]
    assert found[0].reference == "3.5–5.3 mmol/L"
    assert found[4].critical


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2019", "2019"),
        ("2019-05", "2019-05"),
        ("2019-05-03", "2019-05-03"),
        ("2026-05-03", "05-03"),
        ("2026-05-02T20:00:00Z", "05-03"),
        ("2026-11-24T09:30:00.123456789+08:00", "today 09:30"),
        ("2015-06-30T23:59:60Z", "2015-07-01"),
    ],
)
def test_a_date_is_shown_as_exactly_as_it_was_recorded(text, shown):
    found = when(text)

    assert found is not None
    assert found.shown == shown


@pytest.mark.parametrize("text", [None, "", "0000", "2019-02-30", 2019, "soon"])
def test_what_is_no_date_is_none(text):
    assert when(text) is None


@pytest.mark.parametrize("text", ["3.0", "0.10", "1E+30", "-2", "1000000"])
def test_a_figure_keeps_its_digits(text):
    assert Decimal(figure(Decimal(text))) == Decimal(text)
    assert figure(Decimal("3.0")) == "3.0"


def test_a_name_is_taken_in_the_readers_language():
    both = {"text": "高血压", "coding": [{"code": "1", "display": "Hypertension (disorder)"}]}
    translated = {
        "text": "Gout",
        "_text": {
            "extension": [
                {
                    "url": "http://hl7.org/fhir/StructureDefinition/translation",
                    "extension": [
                        {"url": "lang", "valueCode": "zh-CN"},
                        {"url": "content", "valueString": "痛风"},
                    ],
                }
            ]
        },
    }

    assert (text_of(both), text_of(translated)) == ("Hypertension", "Gout")
    with override("zh-hans"):
        assert (text_of(both), text_of(translated)) == ("高血压", "痛风")
    assert text_of({"coding": [{"code": "I10"}]}) == "I10"


def test_a_problem_is_shown_once_and_lives_while_any_entry_of_it_does():
    rows = [
        condition("Asthma", "resolved", onsetDateTime="2020-01-01"),
        condition("Asthma", "active", onsetDateTime="2011"),
        condition("Gout", verificationStatus=concept("", ("", "refuted"))),
        condition("Angina", verificationStatus=concept("", ("", "provisional"))),
        {"resourceType": "Condition", "code": concept("Old"), "abatementString": "long ago"},
        {
            "resourceType": "Condition",
            "code": concept("Aged"),
            "onsetAge": {"value": 45, "unit": "a"},
        },
    ]

    found = reading.problems(rows)

    assert [(row.text, row.active) for row in found.rows] == [
        ("Asthma", True),
        ("Angina", True),
        ("Aged", True),
        ("Old", False),
    ]
    assert found.rows[0].onset == "2011"
    assert found.rows[1].unsure
    assert found.rows[2].onset == "at age 45 a"
    assert [str(one.reason) for one in found.skipped] == ["ruled out"]


@pytest.mark.parametrize(
    ("rows", "state"),
    [
        ([], "not_asked"),
        ([allergy("", (SNOMED, "716186003"))], "none_known"),
        ([allergy("无已知药物过敏")], "none_known"),
        ([allergy("否认药物过敏史")], "none_known"),
        ([allergy("NKDA")], "none_known"),
        ([allergy("青霉素"), allergy("无已知过敏")], "listed"),
        ([allergy("过敏性鼻炎相关花粉")], "listed"),
        ([allergy("Latex", clinicalStatus=concept("", ("", "resolved")))], "not_asked"),
        ([allergy("Latex", verificationStatus=concept("", ("", "refuted")))], "not_asked"),
        ([allergy("NKDA", verificationStatus=concept("", ("", "refuted")))], "not_asked"),
        ([allergy("Latex", modifierExtension=[{"url": "urn:x"}]), allergy("NKDA")], "not_read"),
    ],
)
def test_absence_of_data_is_never_absence_of_allergy(rows, state):
    assert reading.allergies(rows).state == state


def test_an_allergy_says_what_it_does_and_the_severe_ones_come_first():
    rash = {"manifestation": [concept("rash")]}
    rows = [
        allergy("Penicillin", reaction=[rash, {"manifestation": [concept("fever")]}]),
        allergy("Peanut", criticality="high"),
        {"resourceType": "AllergyIntolerance", "category": ["food"]},
    ]

    found = reading.allergies(rows)

    assert [row.text for row in found.active] == ["Peanut", "Penicillin: rash, fever", "food"]


def test_medicines_are_what_is_taken_now_and_how():
    twice = {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}}
    dose = {"doseAndRate": [{"doseQuantity": {"value": 0.5, "unit": "g"}}], "timing": twice}
    rows = [
        statement("Warfarin", dosage=[{"text": "3 mg once a day"}]),
        request("Metformin", dosageInstruction=[dose], authoredOn="2026-11-02"),
        request("Metformin", "completed", authoredOn="2025-11-02"),
        request("Aspirin", doNotPerform=True),
        request("Statin", intent="proposal"),
        statement("Digoxin", "not-taken"),
        statement("Heparin", effectivePeriod={"end": "2026-11-20"}),
        statement("Insulin", effectivePeriod={"end": "2026-11"}),
        {
            "resourceType": "MedicationRequest",
            "status": "on-hold",
            "intent": "order",
            "medicationReference": {"reference": "#m"},
            "contained": [{"resourceType": "Medication", "id": "m", "code": concept("Amlodipine")}],
        },
    ]

    found = reading.medicines(rows)

    assert {(row.text, row.dosage) for row in found.rows if row.active} == {
        ("Warfarin", "3 mg once a day"),
        ("Metformin", "0.5 g 2 times every 1 d"),
        ("Insulin", ""),
        ("Amlodipine", ""),
    }
    assert len(found.skipped) == 3


def test_a_line_of_time_holds_visits_reports_procedures_and_immunisations():
    rows = [
        {"resourceType": "Immunization", "status": "not-done", "vaccineCode": concept("Flu")},
        {
            "resourceType": "Immunization",
            "status": "completed",
            "vaccineCode": concept("Flu"),
            "occurrenceString": "as a child",
        },
        {
            "resourceType": "Encounter",
            "status": "in-progress",
            "class": {"code": "EMER"},
            "period": {"start": "2026-11-24T09:00:00+08:00"},
            "reasonCode": [concept("Chest pain")],
            "serviceProvider": {"display": "西江镇卫生院"},
        },
        {"resourceType": "Encounter", "status": "finished", "class": {}},
        {
            "resourceType": "DiagnosticReport",
            "status": "final",
            "code": {},
            "issued": "2026-03-01T00:00:00Z",
            "conclusion": "Large heart",
        },
        {
            "resourceType": "Procedure",
            "status": "completed",
            "code": concept("", (LOINC, "x")),
            "performedPeriod": {"end": "2019"},
        },
    ]

    found = reading.entries(rows)

    assert [(row.title, row.reason, row.place) for row in found.rows] == [
        ("Emergency", "Chest pain", "西江镇卫生院"),
        ("Report", "Large heart", ""),
        ("x", "", ""),
        ("Flu", "", ""),
        ("Visit", "", ""),
    ]
    assert found.rows[0].open
    assert found.rows[3].dated == "as a child"


@pytest.mark.parametrize(
    ("unit", "said"),
    [("{INR}", "2.6"), ("mg{creat}", "2.6 mg"), ("mmol/L", "2.6 mmol/L"), ("{score}", "2.6")],
)
def test_what_ucum_only_annotates_is_no_unit(unit, said):
    assert quantity_text({"value": Decimal("2.6"), "unit": unit, "code": unit}) == said
