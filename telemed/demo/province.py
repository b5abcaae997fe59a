"""
The demonstration province on paper: which institutions stand where, by rule, always the same.

Divisions are real (data/NOTICE.md). Institutions are not: no public list exists, so 199 hospitals
and 1,543 township clinics are named after their divisions, and every name says 演示.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pypinyin import Style, lazy_pinyin

from telemed.organisations.models import Division, Organisation, Specialty

DATA = Path(__file__).parent / "data"
MARK = "（演示）"
PROVINCE, COUNTY, NEIGHBOUR = "52", "520121", "520122"  # 开阳县 and, beside it, 息烽县
CLINICS_OF_THE_STORY = ("520121101", "520121104", "520121206")
HOSPITALS, CLINICS = 199, 1_543
PROVINCIAL = ("人民医院", "中医医院", "妇幼保健院", "肿瘤医院", "骨科医院")
STREET = "街道"

Departments = tuple[tuple[str, Specialty], ...]
FULL: Departments = (
    ("神经内科", Specialty.NEUROLOGY),
    ("神经外科", Specialty.NEUROSURGERY),
    ("心血管内科", Specialty.CARDIOLOGY),
    ("呼吸内科", Specialty.RESPIRATORY),
    ("普通外科", Specialty.SURGERY),
    ("骨科", Specialty.ORTHOPAEDICS),
    ("妇产科", Specialty.OBSTETRICS),
    ("儿科", Specialty.PAEDIATRICS),
    ("急诊科", Specialty.EMERGENCY),
    ("医学影像科", Specialty.RADIOLOGY),
    ("内科", Specialty.INTERNAL),
)
CORE: Departments = FULL[:4] + FULL[8:10]
CLINIC: Departments = (("全科", Specialty.GENERAL),)


@dataclass(frozen=True, kw_only=True)
class Place:
    """One institution of the plan. `number` is also Organisation.number, so it can be found."""

    number: int
    name: str
    kind: Organisation.Kind
    division: str
    departments: Departments

    @property
    def county(self) -> str:
        return self.division[:6]

    @property
    def initials(self) -> str:
        plain = self.name.removesuffix(MARK)
        return "".join(lazy_pinyin(plain, style=Style.FIRST_LETTER))[:60]

    @property
    def phone(self) -> str:
        return f"0851-5555{self.number:04d}"


@cache
def divisions() -> tuple[Division, ...]:
    """All 1,608 of them, parents first."""
    with (DATA / "guizhou_divisions.csv").open(encoding="utf-8", newline="") as lines:
        rows = [_division(row) for row in csv.DictReader(lines)]
    return tuple(sorted(rows, key=lambda division: (len(division.code), division.code)))


@cache
def _by_code() -> dict[str, Division]:
    return {division.code: division for division in divisions()}


def division(code: str) -> Division:
    """One node of the tree."""
    return _by_code()[code]


def _division(row: dict[str, str]) -> Division:
    return Division(
        code=row["code"],
        level=row["level"],
        name=row["name"],
        parent_id=row["parent"] or None,
        longitude=float(row["lon"]) if row["lon"] else None,
        latitude=float(row["lat"]) if row["lat"] else None,
    )


@cache
def plan() -> tuple[Place, ...]:
    """The authority, then the hospitals, then the clinics; numbered from 1 without a gap."""
    places = [
        ("贵州省卫生健康委员会", Organisation.Kind.AUTHORITY, PROVINCE, ()),
        *((name, Organisation.Kind.HOSPITAL, code, _held(code)) for name, code in _hospitals()),
        *((name, Organisation.Kind.TOWNSHIP_CLINIC, code, CLINIC) for name, code in _clinics()),
    ]
    return tuple(
        Place(number=n, name=f"{name}{MARK}", kind=kind, division=code, departments=departments)
        for n, (name, kind, code, departments) in enumerate(places, start=1)
    )


def _held(code: str) -> Departments:
    return FULL if code == COUNTY else CORE


def _hospitals() -> Iterator[tuple[str, str]]:
    """Two in each county, two in each prefecture, five of the province."""
    for division in _of(Division.Level.COUNTY):
        yield f"{division.name}人民医院", division.code
        yield f"{division.name}中医医院", division.code
    for division in _of(Division.Level.PREFECTURE):
        yield f"{division.name}第一人民医院", division.code
        yield f"{division.name}中医医院", division.code
    yield from ((f"贵州省{kind}", PROVINCE) for kind in PROVINCIAL)


def _clinics() -> Iterator[tuple[str, str]]:
    """One in each township or street, and a branch in the counties that have most of them."""
    townships = _of(Division.Level.TOWNSHIP)
    counties = {division.code: division.name for division in _of(Division.Level.COUNTY)}
    for division in townships:
        kind = "社区卫生服务中心" if division.name.endswith(STREET) else "卫生院"
        yield f"{counties[division.code[:6]]}{division.name}{kind}", division.code
    sizes = Counter(division.code[:6] for division in townships)
    largest = sorted(sizes, key=lambda code: (-sizes[code], code))[: CLINICS - len(townships)]
    for county in sorted(largest):
        first = next(d for d in townships if d.code[:6] == county and not d.name.endswith(STREET))
        yield f"{counties[county]}{first.name}中心卫生院分院", first.code


def _of(level: Division.Level) -> list[Division]:
    return [division for division in divisions() if division.level == level]


def authority() -> Place:
    return plan()[0]


@cache
def county_hospital(county: str = COUNTY) -> Place:
    """The people's hospital of a county, which its clinics ask."""
    return next(p for p in plan() if p.division == county and "人民医院" in p.name)


def clinics_of_the_story() -> list[Place]:
    """The three clinics that are complete from the first start."""
    clinics = [p for p in plan() if p.kind == Organisation.Kind.TOWNSHIP_CLINIC]
    return [next(p for p in clinics if p.division == code) for code in CLINICS_OF_THE_STORY]
