"""
Residents by rule: the same people for the same clinic, on every machine. They belong to nobody.

Their ID numbers have the county's place code and order numbers from 992 on (those of the story have
990 and 991); their phones begin with 1001, which is no mobile operator's prefix.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from records.mpi.identity import check_digit
from telemed.demo import province
from telemed.demo.province import MARK, Place
from telemed.demo.staff import GIVEN, SURNAMES
from telemed.organisations.models import Division, Organisation

DAYS, FIRST, STRIDE = 30_011, date(1941, 1, 1), 7_919  # both primes: every number comes once
ORDERS, FIRST_ORDER = 8, 992
RANKS = 4_800  # of a clinic, beyond which the largest county would run out of numbers
NEW = 2_500  # from here on: those whom the played day registers


@dataclass(frozen=True, kw_only=True)
class Villager:
    """One person of a clinic, on paper."""

    name: str
    male: bool
    birth_date: date
    id_card: str
    phone: str
    address: str


@dataclass(frozen=True)
class Village:
    """A clinic and its place among those of its county."""

    clinic: Place
    serial: int  # of all clinics
    place: int  # in its county
    clinics: int  # of its county
    address: str


@cache
def villages() -> Sequence[Village]:
    """Every clinic of the province, in the order in which they are filled."""
    clinics = [p for p in province.plan() if p.kind == Organisation.Kind.TOWNSHIP_CLINIC]
    sizes = Counter(clinic.county for clinic in clinics)
    seen: Counter[str] = Counter()
    found = []
    for serial, clinic in enumerate(clinics):
        place, seen[clinic.county] = seen[clinic.county], seen[clinic.county] + 1
        found.append(Village(clinic, serial, place, sizes[clinic.county], _address(clinic)))
    return found


@cache
def village_of(number: int) -> Village:
    """By the number of its clinic."""
    return next(village for village in villages() if village.clinic.number == number)


def villager(village: Village, rank: int) -> Villager:
    """The person of that rank (0, 1, …) at a clinic."""
    n = rank * village.clinics + village.place  # no two of a county have the same
    born = FIRST + timedelta(days=n * STRIDE % DAYS)
    order = FIRST_ORDER + n % ORDERS
    first17 = f"{village.clinic.county}{born:%Y%m%d}{order}"
    chance = random.Random(n * 1_000_003 + int(village.clinic.county))  # noqa: S311
    return Villager(
        name=chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, 2)),
        male=bool(order % 2),
        birth_date=born,
        id_card=first17 + check_digit(first17),
        phone=f"1001{rank:04d}{village.serial % 1_000:03d}",
        address=f"{village.address}{chance.randint(1, 18)}组{MARK}",
    )


def _address(clinic: Place) -> str:
    """From the prefecture down to the township."""
    names, division = [], province.division(clinic.division)
    while division.level != Division.Level.PROVINCE:
        names.append(division.name)
        division = province.division(division.parent_id or province.PROVINCE)
    return "贵州省" + "".join(reversed(names))
