"""The other hospitals that could answer, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from consult.requests.models import Case
from consult.requests.presenting.routes import speaks
from consult.requests.queries import pool_of
from telemed.organisations.models import Organisation
from telemed.people.models import User


@dataclass(frozen=True)
class There:
    """One doctor to choose; `value` is what the form sends."""

    value: str
    doctor: User
    present: bool
    holding: int


@dataclass(frozen=True)
class Choice:
    """One hospital with its doctors; `lacks` says why it can't be chosen yet."""

    organisation: Organisation
    doctors: list[There]
    price: str
    lacks: str
    speaks: list[str]


def pool(case: Case) -> list[Choice]:
    """Whom a coordinator may pass the case to, the best first."""
    return [
        Choice(
            organisation=one.organisation,
            doctors=[
                There(f"{one.organisation.pk}:{d.doctor.pk}", d.doctor, d.present, d.holding)
                for d in one.doctors
            ],
            price=_("{fee} yuan").format(fee=one.yuan),
            lacks=_dearer(case) if one.dearer else "",
            speaks=list(speaks(one.route)),
        )
        for one in pool_of(case)
        if one.doctors
    ]


def _dearer(case: Case) -> str:
    said = _("The patient agreed to {old} yuan; {clinic} has to ask for consent first.")
    return said.format(old=case.old_fee, clinic=case.asking.name)
