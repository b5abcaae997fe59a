"""Clinicians by rule: the same people for the same institution, on every machine."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from telemed.demo.province import Place
from telemed.organisations.models import Organisation, Specialty
from telemed.people.models import Practitioner, Role

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗龙石田韦潘陆莫蒙岑杜"
GIVEN = "文秀国强志远晓岚玉梅金花建平丽华德明昌俊美凤光荣桂英永福春兰正义小燕世杰红霞成林"
CLINIC_DOCTORS = 2
TITLES = {
    Organisation.Kind.HOSPITAL: (
        Practitioner.Title.ATTENDING,
        Practitioner.Title.ASSOCIATE,
        Practitioner.Title.CHIEF,
    ),
    Organisation.Kind.TOWNSHIP_CLINIC: (
        Practitioner.Title.ASSISTANT,
        Practitioner.Title.RESIDENT,
    ),
}


@dataclass(frozen=True, kw_only=True)
class Clinician:
    """One doctor of an institution; `department` is its name there."""

    username: str
    name: str
    role: Role
    department: str
    specialty: Specialty
    title: Practitioner.Title
    licence_no: str
    practising_since: date
    licensed_until: date


def clinicians(place: Place, day: date) -> Iterator[Clinician]:
    """One for each department of a hospital, two for a clinic, none for an authority."""
    if place.kind not in TITLES:
        return
    chance = random.Random(place.number)  # noqa: S311 (the same people every time, not a secret)
    in_clinic = place.kind == Organisation.Kind.TOWNSHIP_CLINIC
    for n, (department, specialty) in enumerate(
        place.departments * (CLINIC_DOCTORS if in_clinic else 1), start=1
    ):
        yield Clinician(
            username=f"{'c' if in_clinic else 'h'}{place.number:04d}.{n}",
            name=chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, 2)),
            role=Role.TOWNSHIP_DOCTOR if in_clinic else Role.SPECIALIST,
            department=department,
            specialty=specialty,
            title=chance.choice(TITLES[place.kind]),
            licence_no=f"DEMO{place.number:05d}{n:03d}",
            practising_since=date(day.year - chance.randint(5, 25), chance.randint(1, 12), 1),
            licensed_until=date(day.year + chance.randint(2, 6), 6, 30),
        )
