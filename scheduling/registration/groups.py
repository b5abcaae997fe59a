"""To which of the groups that come first somebody belongs, as the record says."""

from collections.abc import Iterable

from django.utils import timezone

from records.chart.queries import Chart
from records.mpi.low_incomes import is_special, kinds_of
from records.mpi.models import LowIncome, Patient
from scheduling.registration.models import Group, Package

ELDERLY, CHILD = 65, 7
# How an ICD-10 code of the problem list begins.
CODES = {
    Group.HYPERTENSION: ("I10", "I11", "I12", "I13", "I15"),
    Group.DIABETES: ("E11",),
    Group.TUBERCULOSIS: ("A15", "A16", "A17", "A18", "A19"),
    Group.MENTAL: ("F20", "F22", "F25", "F31"),
    Group.PREGNANT: ("Z33", "Z34", "Z35"),
    Group.DISABLED: ("Z73.6", "Z99.3"),
}


def by_age(person: Patient) -> list[Group]:
    age = person.age_on()
    if age is None:
        return []
    if age >= ELDERLY:
        return [Group.ELDERLY]
    return [Group.CHILD] if age < CHILD else []


def groups_of(person: Patient) -> list[Group]:
    """By age, the problem list's active entries, and the county's registers; nobody is asked."""
    active = [one for one in Chart(person, ["Condition"]).problems.rows if one.active]
    codes = {code for one in active for _system, code in one.codes}
    return [*by_age(person), *_by_code(codes), *_by_register(person)]


def _by_register(person: Patient) -> list[Group]:
    today = timezone.localdate()
    kinds = kinds_of([person], today)
    found = {
        Group.MONITORED: kinds.get(person.pk) == LowIncome.Kind.MONITORED,
        Group.SPECIAL: is_special(person, today),
    }
    return [group for group, is_so in found.items() if is_so]


def fits(package: Package, person: Patient) -> bool:
    return bool(set(package.groups) & set(groups_of(person)))


def _by_code(codes: Iterable[str]) -> list[Group]:
    known = list(codes)
    return [group for group, heads in CODES.items() if any(c.startswith(heads) for c in known)]
