"""
Clinical records of the story's residents, as FHIR R4 resources with Chinese texts.

Received, not published: no slice owns them, so they are for the FHIR store's own write. Ids are
made from the patient and the entry, so that writing twice makes no second record.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from records.mpi.models import Patient

Json = dict[str, Any]

UCUM, LOINC = "http://unitsofmeasure.org", "http://loinc.org"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
ICD10 = "http://hl7.org/fhir/sid/icd-10"
MORNING = time(9, 30)


@dataclass(frozen=True)
class Problem:
    code: str  # ICD-10
    text: str
    since: str


@dataclass(frozen=True)
class Allergy:
    substance: str
    reaction: str
    since: str
    criticality: str = "high"


@dataclass(frozen=True)
class Medicine:
    text: str
    dosage: str
    since: str


@dataclass(frozen=True)
class Result:
    """One measured value, so many days before the story begins; low and high are the reference."""

    code: str  # LOINC
    text: str
    value: float
    unit: str  # UCUM
    days_ago: int
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Visit:
    text: str
    days_ago: int
    days: int = 0  # of stay; none: an outpatient


@dataclass(frozen=True)
class Story:
    """`pressures`: (days ago, systolic, diastolic). `asked`: whether allergies were asked about."""

    problems: tuple[Problem, ...] = ()
    allergies: tuple[Allergy, ...] = ()
    medicines: tuple[Medicine, ...] = ()
    results: tuple[Result, ...] = ()
    pressures: tuple[tuple[int, int, int], ...] = ()
    visits: tuple[Visit, ...] = ()
    no_known_allergy: bool = False


def _series(
    code: str, text: str, unit: str, low: float | None, high: float | None, *points: Any
) -> Iterator[Result]:
    for days_ago, value in points:
        yield Result(code, text, value, unit, days_ago, low, high)


STORIES: dict[str, Story] = {
    "吴金花": Story(
        problems=(
            Problem("I10", "高血压 3 级", "2011-05-03"),
            Problem("E11.9", "2 型糖尿病", "2014-09-12"),
            Problem("I48.9", "心房颤动", "2019-03-20"),
            Problem("N18.3", "慢性肾病 3a 期", "2022-06-08"),
        ),
        allergies=(Allergy("青霉素", "皮疹", "2009-04-01"),),
        medicines=(
            Medicine("华法林", "3 mg 口服 每日 1 次", "2019-03-28"),
            Medicine("二甲双胍", "0.5 g 口服 每日 2 次", "2014-09-12"),
            Medicine("氨氯地平", "5 mg 口服 每日 1 次", "2011-05-03"),
        ),
        results=(
            *_series(
                "6301-6", "INR", "{INR}", 2.0, 3.0, (180, 2.1), (120, 2.9), (60, 2.4), (14, 2.6)
            ),
            *_series(
                "33914-3", "eGFR", "mL/min/{1.73_m2}", 90, None, (400, 58), (220, 55), (47, 52)
            ),
            *_series("4548-4", "糖化血红蛋白", "%", None, 7.0, (400, 7.8), (220, 7.1), (47, 6.7)),
            *_series("2823-3", "血钾", "mmol/L", 3.5, 5.3, (220, 4.6), (47, 4.9)),
        ),
        pressures=((90, 148, 88), (60, 156, 92), (30, 138, 84), (10, 162, 94)),
        visits=(
            Visit("住院：心力衰竭", 258, 6),
            Visit("65 岁以上老年人体检", 95),
            Visit("公共卫生面访", 10),
        ),
    ),
    "张国富": Story(
        problems=(
            Problem("I10", "高血压 1 级", "2020-02-18"),
            Problem("R91", "右肺上叶结节", "2026-11-20"),
        ),
        medicines=(Medicine("氨氯地平", "5 mg 口服 每日 1 次", "2020-02-18"),),
        results=(
            *_series("6690-2", "白细胞", "10*9/L", 3.5, 9.5, (4, 6.8)),
            *_series("718-7", "血红蛋白", "g/L", 130, 175, (4, 146)),
            *_series("2160-0", "肌酐", "umol/L", 57, 97, (4, 78)),
        ),
        pressures=((30, 142, 90), (4, 138, 86)),
        visits=(Visit("咳嗽 3 周", 4),),
        no_known_allergy=True,
    ),
    "曾庆云": Story(
        problems=(
            Problem("I63.9", "脑梗死后遗症", "2023-01-11"),
            Problem("I10", "高血压 2 级", "2009-08-01"),
        ),
        medicines=(
            Medicine("阿司匹林肠溶片", "100 mg 口服 每日 1 次", "2023-01-20"),
            Medicine("阿托伐他汀", "20 mg 口服 每晚 1 次", "2023-01-20"),
        ),
        results=(
            *_series("13457-7", "低密度脂蛋白胆固醇", "mmol/L", None, 1.8, (200, 2.4), (20, 1.9)),
        ),
        pressures=((60, 152, 86), (20, 146, 82)),
        visits=(Visit("左侧肢体无力复查", 20),),
    ),
    "黄开荣": Story(
        problems=(Problem("J44.9", "慢性阻塞性肺疾病", "2018-11-15"),),
        medicines=(Medicine("噻托溴铵吸入剂", "18 µg 吸入 每日 1 次", "2018-12-01"),),
        results=(*_series("59408-5", "血氧饱和度", "%", 94, None, (40, 92), (6, 90)),),
        pressures=((6, 132, 78),),
        visits=(Visit("慢阻肺急性加重", 6),),
        no_known_allergy=True,
    ),
}
OLD, CHRONIC = (
    60,
    Story(
        problems=(Problem("I10", "高血压 1 级", "2018-01-01"),),
        pressures=((45, 140, 86), (15, 136, 84)),
    ),
)
HEALTHY = Story(pressures=((100, 118, 74),))


def clinical_resources(patient: Patient) -> list[Json]:
    """What is on record of this person, referenced things first; the same every time."""
    story = STORIES.get(patient.name) or (CHRONIC if (patient.age_on() or 0) >= OLD else HEALTHY)
    return list(_Record(patient, timezone.localdate()).entries(story))


class _Record:
    """Builds one person's entries: the patient, the day and the running ids are its state."""

    def __init__(self, patient: Patient, day: date) -> None:
        self.patient, self.day, self.count = patient, day, 0

    def entries(self, story: Story) -> Iterator[Json]:
        yield from map(self.encounter, story.visits)
        yield from map(self.condition, story.problems)
        yield from map(self.allergy, story.allergies)
        if story.no_known_allergy:
            yield self.no_known_allergy()
        yield from map(self.medicine, story.medicines)
        yield from map(self.result, story.results)
        yield from (self.pressure(*one) for one in story.pressures)

    def entry(self, resource_type: str, **body: Any) -> Json:
        self.count += 1
        made = uuid5(NAMESPACE_URL, f"telemed:demo:{self.patient.fhir_id}:{self.count}")
        return {"resourceType": resource_type, "id": str(made), **body}

    @property
    def subject(self) -> Json:
        return {"reference": f"Patient/{self.patient.fhir_id}", "display": self.patient.name}

    def at(self, days_ago: int) -> str:
        day = self.day - timedelta(days=days_ago)
        return timezone.make_aware(datetime.combine(day, MORNING)).isoformat()

    def encounter(self, visit: Visit) -> Json:
        code, display = ("IMP", "住院") if visit.days else ("AMB", "门诊")
        ended = self.at(visit.days_ago - visit.days)
        return self.entry(
            "Encounter",
            status="finished",
            **{"class": {"system": f"{TERMINOLOGY}/v3-ActCode", "code": code, "display": display}},
            subject=self.subject,
            period={"start": self.at(visit.days_ago), "end": ended},
            reasonCode=[{"text": visit.text}],
        )

    def condition(self, problem: Problem) -> Json:
        return self.entry(
            "Condition",
            clinicalStatus=_coded(f"{TERMINOLOGY}/condition-clinical", "active"),
            verificationStatus=_coded(f"{TERMINOLOGY}/condition-ver-status", "confirmed"),
            category=[_coded(f"{TERMINOLOGY}/condition-category", "problem-list-item")],
            code=_coded(ICD10, problem.code, problem.text),
            subject=self.subject,
            onsetDateTime=problem.since,
        )

    def allergy(self, allergy: Allergy) -> Json:
        return self.entry(
            "AllergyIntolerance",
            clinicalStatus=_coded(f"{TERMINOLOGY}/allergyintolerance-clinical", "active"),
            verificationStatus=_coded(
                f"{TERMINOLOGY}/allergyintolerance-verification", "confirmed"
            ),
            type="allergy",
            category=["medication"],
            criticality=allergy.criticality,
            code={"text": allergy.substance},
            patient=self.subject,
            onsetDateTime=allergy.since,
            reaction=[{"manifestation": [{"text": allergy.reaction}]}],
        )

    def no_known_allergy(self) -> Json:
        return self.entry(
            "AllergyIntolerance",
            clinicalStatus=_coded(f"{TERMINOLOGY}/allergyintolerance-clinical", "active"),
            verificationStatus=_coded(
                f"{TERMINOLOGY}/allergyintolerance-verification", "confirmed"
            ),
            code=_coded("http://snomed.info/sct", "716186003", "无已知过敏"),
            patient=self.subject,
        )

    def medicine(self, medicine: Medicine) -> Json:
        return self.entry(
            "MedicationStatement",
            status="active",
            medicationCodeableConcept={"text": medicine.text},
            subject=self.subject,
            effectivePeriod={"start": medicine.since},
            dosage=[{"text": medicine.dosage}],
        )

    def result(self, result: Result) -> Json:
        limits = {"low": result.low, "high": result.high}
        reference = {
            side: _quantity(limit, result.unit)
            for side, limit in limits.items()
            if limit is not None
        }
        return self.entry(
            "Observation",
            status="final",
            category=[_coded(f"{TERMINOLOGY}/observation-category", "laboratory")],
            code=_coded(LOINC, result.code, result.text),
            subject=self.subject,
            effectiveDateTime=self.at(result.days_ago),
            valueQuantity=_quantity(result.value, result.unit),
            **({"referenceRange": [reference]} if reference else {}),
        )

    def pressure(self, days_ago: int, systolic: int, diastolic: int) -> Json:
        parts = (("8480-6", "收缩压", systolic), ("8462-4", "舒张压", diastolic))
        return self.entry(
            "Observation",
            status="final",
            category=[_coded(f"{TERMINOLOGY}/observation-category", "vital-signs")],
            code=_coded(LOINC, "85354-9", "血压"),
            subject=self.subject,
            effectiveDateTime=self.at(days_ago),
            component=[
                {"code": _coded(LOINC, code, text), "valueQuantity": _quantity(value, "mm[Hg]")}
                for code, text, value in parts
            ],
        )


def _coded(system: str, code: str, text: str = "") -> Json:
    coded: Json = {"coding": [{"system": system, "code": code}]}
    return coded | ({"text": text} if text else {})


def _quantity(value: float, unit: str) -> Json:
    return {"value": value, "unit": unit, "system": UCUM, "code": unit}
