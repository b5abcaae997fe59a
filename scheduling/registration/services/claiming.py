"""
Places on a doctor's panel. Nothing else counts them.

The counter moves in one guarded UPDATE; the database's check is the last word, and a deferred
trigger compares it with the contracts that hold a place.
"""

from django.db.models import F
from django.utils.translation import gettext as _

from scheduling.registration import rules
from scheduling.registration.models import Contract, Panel
from telemed.core.errors import Conflict


class PanelFull(Conflict):
    """The doctor has no place left."""


def cap_of(contract: Contract) -> int:
    cap: int = rules.value(rules.CAP, contract.team.organisation_id)
    return cap


def claim(contract: Contract) -> None:
    """One place of the contract's doctor. Raises PanelFull."""
    cap = cap_of(contract)
    Panel.objects.bulk_create([Panel(doctor=contract.doctor, cap=cap)], ignore_conflicts=True)
    mine = Panel.objects.filter(doctor=contract.doctor, signed__lt=cap)
    if not mine.update(signed=F("signed") + 1, cap=cap):
        raise full(cap)
    contract.holds_place = True


def refuse_full(contract: Contract) -> None:
    """Before anybody signs: looked at, not taken."""
    cap = cap_of(contract)
    if Panel.objects.filter(doctor=contract.doctor, signed__gte=cap).exists():
        raise full(cap)


def give_back(contract: Contract) -> None:
    if contract.holds_place:
        Panel.objects.filter(doctor=contract.doctor).update(signed=F("signed") - 1)
        contract.holds_place = False


def hand_on(old: Contract, new: Contract) -> None:
    """A renewal takes the place of the one that it follows, or one of another doctor."""
    if old.holds_place and old.doctor_id == new.doctor_id:
        old.holds_place, new.holds_place = False, True
    else:
        give_back(old)
        claim(new)


def full(cap: int) -> PanelFull:
    sentence = _("This doctor's panel is full ({cap}); choose another team.")
    return PanelFull(sentence.format(cap=cap), path="doctor")
