"""Who else could answer: doctors of the other hospitals that an asking institution may ask."""

from collections.abc import Sequence
from dataclasses import dataclass

from consult.requests.models import Case
from consult.requests.queries.people import HOLDING, Candidate, asked_by, is_at_desk, why_not_answer
from consult.requests.queries.routing import Route, propose
from telemed.organisations.models import Agreement, Organisation
from telemed.people.models import Role, User

HOSPITALS = 5  # that a page offers, the best first
EACH = 10  # doctors of one of them


@dataclass(frozen=True)
class Elsewhere:
    """One other hospital with the doctors who could answer; `fee` in fen, as agreed with it."""

    route: Route
    doctors: list[Candidate]
    fee: int
    dearer: bool  # than what the patient agreed to

    @property
    def organisation(self) -> Organisation:
        return self.route.organisation

    @property
    def yuan(self) -> str:
        return f"{self.fee / 100:g}"


def is_dearer(case: Case, agreement: Agreement) -> bool:
    """Whether it would cost more than what was agreed to; where nobody signed yet, nothing was."""
    consent = case.consent
    if consent is None or consent.given_at is None:
        return False
    return agreement.price_of(case.service) > consent.fee_shown


def pool_of(case: Case) -> list[Elsewhere]:
    """The other hospitals under an agreement that have somebody fit, best first."""
    routes = [
        route
        for route in propose(case.asking, case.specialty, case.service)
        if route.can_answer and route.organisation.pk != case.asked_id
    ][:HOSPITALS]
    doctors = _doctors_at([route.organisation for route in routes], case)
    return [
        Elsewhere(
            route=route,
            doctors=[one for one in doctors[route.organisation] if not one.why_not][:EACH],
            fee=route.partner.agreement.price_of(case.service),
            dearer=is_dearer(case, route.partner.agreement),
        )
        for route in routes
    ]


def _doctors_at(
    hospitals: Sequence[Organisation], case: Case
) -> dict[Organisation, list[Candidate]]:
    """By hospital, its doctors of that specialty whom nobody asked yet."""
    asked, asking = case.offers.values("doctor"), asked_by(case)
    people = User.objects.filter(
        roles__organisation__in=hospitals,
        roles__role=Role.SPECIALIST,
        roles__ends_on=None,
        is_active=True,
        practitioner__specialty=case.specialty,
    )
    known = people.exclude(pk__in=asked).select_related("practitioner", "presence")
    found: dict[Organisation, list[Candidate]] = {hospital: [] for hospital in hospitals}
    for person in known.prefetch_related("roles").annotate(holding=HOLDING).distinct():
        here = {r.organisation_id for r in person.roles.all() if r.role == Role.SPECIALIST}
        for hospital in hospitals:
            if hospital.pk in here:
                why = why_not_answer(person, case, hospital, asking=asking)
                found[hospital].append(Candidate(person, is_at_desk(person), person.holding, why))
    for candidates in found.values():
        candidates.sort(key=lambda one: (not one.present, one.holding, one.doctor.pk))
    return found
