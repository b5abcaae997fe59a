"""The team looks at an application, agrees or not, and takes that back until it is signed."""

from uuid import UUID

from django.utils.translation import gettext as _

from scheduling.registration import clock_rows, queries, rules
from scheduling.registration.events import ContractAgreed, ContractRejected
from scheduling.registration.models import Contract, Rejection, Status
from scheduling.registration.services.claiming import cap_of, refuse_full
from scheduling.registration.services.stepping import lock, step
from scheduling.registration.services.telling import tell_people, tell_user
from scheduling.registration.services.wording import digest, write, write_in_english
from telemed.core import moments, policies
from telemed.core.errors import Invalid, require
from telemed.core.intentions import require_intention
from telemed.core.models import Clock
from telemed.people.models import User

WAITING = (Status.APPLIED, Status.REVIEWING)


def open_review(*, actor: User, contract_id: UUID) -> Contract:
    """Any doctor of the team begins to look at it."""
    require_intention()
    contract = lock(actor, contract_id)
    require(queries.is_member(actor, contract.team), _("The team looks at its applications."))
    if contract.status == Status.APPLIED:
        step(contract, Status.REVIEWING, "contract.open")
    return contract


def agree(*, actor: User, contract_id: UUID, doctor_id: UUID | None = None) -> Contract:
    """
    The leader names the doctor; the text is frozen and waits for the signature.

    Raises PanelFull where that doctor has no place left.
    """
    require_intention()
    contract = lock(actor, contract_id)
    _require_leader(actor, contract)
    if contract.status == Status.AGREED and doctor_id in (None, contract.doctor_id):
        return contract
    if contract.status == Status.APPLIED:
        step(contract, Status.REVIEWING, "contract.open")
    if contract.status != Status.REVIEWING:
        raise contract.out_of_turn()
    contract.doctor = _doctor(contract, doctor_id)
    refuse_full(contract)
    freeze(contract)
    step(contract, Status.AGREED, "contract.agree", ContractAgreed)
    clock_rows.stop(contract, clock_rows.REVIEW)
    clock_rows.start_signature(contract)
    return contract


def reopen(*, actor: User, contract_id: UUID) -> Contract:
    """Agreed by mistake: looked at again, until somebody has signed."""
    require_intention()
    contract = lock(actor, contract_id)
    _require_leader(actor, contract)
    if contract.status == Status.REVIEWING:
        return contract
    contract.text = contract.text_hash = contract.text_en = ""
    contract.read_at = contract.doctor = None
    step(contract, Status.REVIEWING, "contract.reopen")
    clock_rows.stop(contract, clock_rows.SIGNATURE)
    clock_rows.start_review(contract)
    return contract


def reject(*, actor: User, contract_id: UUID, rejection: str) -> Contract:
    """With the reason, and the team that might take the person instead."""
    require_intention()
    contract = lock(actor, contract_id)
    _require_leader(actor, contract)
    if contract.status == Status.REJECTED:
        return contract
    if rejection not in Rejection.values:
        raise Invalid(_("Please choose the reason."), path="rejection")
    contract.rejection = rejection
    contract.instead = queries.next_team(contract.patient, contract.team, cap_of(contract))
    contract.ended_at = moments.now()
    if contract.status not in WAITING:
        raise contract.out_of_turn()
    step(contract, Status.REJECTED, "contract.reject", ContractRejected, reason=rejection)
    clock_rows.stop(contract)
    return contract


def climb_review(*, clock: Clock) -> None:
    """
    The next one of the ladder. All of the time over, whoever applied hears who else has room.
    """
    require_intention()
    contract = Contract.objects.filter(pk=clock.about, status__in=WAITING)
    found = contract.select_related(*queries.SHOWN).first()
    if found is None:
        return
    turn = 10 * clock.turn + clock.rung
    for user in _called(found, clock):
        if clock.rung < clock_rows.OUT:
            due = queries.due_of_review(found)
            tell_user(user, found, "contract.waiting", turn=turn, time=due)
        else:
            tell_user(user, found, "contract.overdue", turn=turn)
    if clock.rung == clock_rows.OUT:
        instead = queries.next_team(found.patient, found.team, cap_of(found))
        if instead:
            tell_people(found, "contract.slow", turn=turn, org=instead.name)


def _called(contract: Contract, clock: Clock) -> list[User | None]:
    """By the ladder under which it was applied for."""
    organisation = contract.team.organisation
    rung = policies.rung_of(rules.REVIEW_LADDER, clock, organisation.pk)
    match rung.call:
        case rules.LEADER:
            return [queries.leader_of(contract.team)]
        case rules.COUNTY:
            return [*queries.coordinators_of(organisation)]
        case _:
            return [*queries.authority_of(organisation)]


def freeze(contract: Contract) -> None:
    contract.text = write(contract)
    contract.text_hash = digest(contract.text)
    contract.text_en = write_in_english(contract)
    contract.read_at, contract.read_aloud = None, False


def _require_leader(actor: User, contract: Contract) -> None:
    require(queries.leads(actor, contract.team), _("The leader of the team decides."))


def _doctor(contract: Contract, doctor_id: UUID | None) -> User:
    """Who was named; else whoever of the team has signed fewest."""
    doctors = queries.doctors_of(contract.team)
    chosen = [one for one in doctors if doctor_id in (None, one.pk)]
    if not chosen:
        raise Invalid(_("Please choose a doctor of the team."), path="doctor")
    sizes = queries.panel_sizes(chosen)
    return min(chosen, key=lambda one: sizes.get(one.pk, 0))
