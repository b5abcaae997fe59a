"""
What has to be settled before two records may become one; slices above register in ready().

A check gets the record that goes and the one that stays, and names what is in the way, in words
for whoever confirms: nothing named, nothing in the way.
"""

from collections.abc import Callable, Iterable

from records.mpi.models import Patient

Check = Callable[[Patient, Patient], Iterable[str]]
Step = Callable[[Patient, Patient], None]

_checks: dict[str, Check] = {}
_steps: dict[str, tuple[Step, Step]] = {}


def register(name: str, check: Check) -> None:
    """Called in ready(). The same name twice is a mistake."""
    if name in _checks:
        raise ValueError(f"{name} is a merge check already.")
    _checks[name] = check


def register_step(name: str, *, merge: Step, separate: Step) -> None:
    """What a slice keeps by person number and does itself, inside the merge and its undoing."""
    if name in _steps:
        raise ValueError(f"{name} is a merge step already.")
    _steps[name] = (merge, separate)


def blockers(loser: Patient, survivor: Patient) -> list[str]:
    """Everything that is in the way."""
    return [item for check in _checks.values() for item in check(loser, survivor)]


def run_merge(loser: Patient, survivor: Patient) -> None:
    for merge, _separate in _steps.values():
        merge(loser, survivor)


def run_separate(loser: Patient, survivor: Patient) -> None:
    for _merge, separate in reversed(_steps.values()):
        separate(loser, survivor)
