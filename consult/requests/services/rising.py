"""No hospital answers: the coordinators of the next level look for one that can."""

from consult.requests.models import Case, Onlooker
from consult.requests.queries import authorities_above, coordinators_of
from consult.requests.services.steps import take_step
from consult.requests.services.telling import tell
from telemed.core.intentions import require_intention
from telemed.organisations.models import Organisation


def let_know(*, case: Case, organisation: Organisation) -> None:
    """An institution that neither asks nor is asked may know of the case from now on."""
    require_intention()
    Onlooker.objects.get_or_create(case=case, organisation=organisation)


def pass_up(*, case: Case) -> Organisation | None:
    """
    County, prefecture, province: the next one that has a coordinator; None above the last.

    The asked hospital stays asked, and whoever accepts first has it.
    """
    require_intention()
    levels = authorities_above(case.addressee)
    known = [one.pk for one in levels]
    reached = known.index(case.passed_to_id) + 1 if case.passed_to_id in known else 0
    if reached >= len(levels):
        return None
    case.passed_to = levels[reached]
    case.save(update_fields=["passed_to"])
    for one in levels if case.is_emergency else (case.passed_to,):
        let_know(case=case, organisation=one)
    take_step(case=case, action="case.pass_up", by_system=True, org=case.passed_to.name)
    for person in coordinators_of(case.passed_to):
        tell(case=case, recipient=person, template="case.passed_up")
    for person in (case.requester, *coordinators_of(case.addressee)):
        tell(case=case, recipient=person, template="case.no_route", who=case.passed_to.name)
    return case.passed_to
