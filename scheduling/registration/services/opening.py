"""Opening a contract, and how one opens the record to the team."""

from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from records.consent.models import Basis
from records.consent.services import end_care, open_care
from scheduling.registration import queries
from scheduling.registration.clock_rows import midnight
from scheduling.registration.models import Contract, Member, Status, Team
from scheduling.registration.permissions import may_review
from scheduling.registration.services.signers import signers_of
from scheduling.registration.services.stepping import lock_any
from telemed.audit import services as audit
from telemed.core import moments
from telemed.core.errors import require
from telemed.core.intentions import require_intention
from telemed.people.models import User

READABLE_AFTER = timedelta(days=30)


def open_contract(*, actor: User, contract_id: UUID) -> Contract:
    """One contract, whose reading is traced. Raises NotFound for other people's."""
    require_intention()
    contract = queries.get_contract(actor, contract_id)
    audit.record(action="contract.read", target=contract, patient_id=contract.patient_id)
    return contract


def open_text(*, actor: User, contract_id: UUID) -> Contract:
    """The text as a whole on the screen of who can sign: from now on it can be signed."""
    require_intention()
    contract = open_contract(actor=actor, contract_id=contract_id)
    if _is_unread(contract) and signers_of(actor, contract):
        contract = lock_any(contract.pk)
        if _is_unread(contract):
            contract.read_at = moments.now()
            contract.save(update_fields=["read_at"])
    return contract


def _is_unread(contract: Contract) -> bool:
    return contract.status == Status.AGREED and contract.read_at is None


def open_desk(*, actor: User) -> tuple[list[Team], queries.Desk]:
    """What waits for the teams of this account; reading the list is one look."""
    require_intention()
    require(may_review(actor), _("This list is for family-doctor teams."))
    teams = queries.teams_of(actor)
    audit.record(action="contract.list", target=f"Team/{len(teams)} of their own")
    return teams, queries.desk_of(teams)


def open_record(contract: Contract) -> None:
    """To each member of the team who signs in, until a month after the last day."""
    for member in queries.accounts_of(contract.team):
        open_to(contract, member)


def open_to(contract: Contract, member: Member) -> None:
    acting = member.user.acting_as if member.user else None
    if acting is None or member.user is None or contract.term is None:
        return
    open_care(
        organisation=acting.organisation,
        patient=contract.patient,
        basis=Basis.SIGNED,
        about=contract.pk,
        person=member.user.pk,
        until=midnight(contract.term.upper) + READABLE_AFTER,
    )


def close_record(contract: Contract) -> None:
    """A month to hand over what is begun."""
    end_care(about=contract.pk, until=moments.now() + READABLE_AFTER)
