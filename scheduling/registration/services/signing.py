"""Signing: by the person or a guardian of the register, after reading; claimed, not checked."""

from datetime import date
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from records.mpi.models import OF_AGE, Patient
from scheduling.registration import clock_rows, queries
from scheduling.registration.events import ContractRenewed, ContractSigned, ContractTakenOver
from scheduling.registration.models import (
    LIVE,
    SIGNED,
    Because,
    Contract,
    Episode,
    Status,
    years_after,
)
from scheduling.registration.services.applying import already_signed, withdraw_locked
from scheduling.registration.services.claiming import claim, hand_on
from scheduling.registration.services.ending import end_locked, shorten
from scheduling.registration.services.running import activate
from scheduling.registration.services.signers import Signer, signers_of
from scheduling.registration.services.stepping import lock_all, step
from scheduling.registration.services.wording import digest
from telemed.core import moments
from telemed.core.errors import Conflict, Forbidden, Invalid, require
from telemed.core.intentions import refusing, require_intention
from telemed.people.models import Role, User

SIGNATURE_LIMIT = 400_000  # bytes
DONE = (Status.SIGNED, Status.ACTIVE)


def sign(
    *,
    actor: User,
    contract_id: UUID,
    signature: bytes | None,
    relation_id: UUID | None = None,
    read_aloud: bool = False,
) -> Contract:
    """
    From now on the team looks after the person; what the contract replaces ends in the same act.

    Raises PanelFull, or a Conflict that says with whom the person is signed already.
    """
    require_intention()
    seen = queries.get_contract(actor, contract_id)
    person = _lock_person(seen)
    rows = _lock_contracts(seen, person)
    contract = rows.pop(seen.pk)
    if contract.status in DONE:
        return contract
    if contract.status != Status.AGREED:
        raise contract.out_of_turn()
    signer = _signer(actor, contract, relation_id)
    _note_reading(actor, contract, read_aloud)
    _put_signature(actor, contract, signer, signature)
    old = rows.pop(contract.renews_id or contract.replaces_id or contract.pk, None)
    settle_term(contract, old, person)
    for other in rows.values():
        if other.is_open:
            withdraw_locked(other)
    if contract.term.lower <= timezone.localdate():
        activate(contract)
    else:
        clock_rows.start_start(contract)
    return contract


def _signer(actor: User, contract: Contract, relation_id: UUID | None) -> Signer:
    found = signers_of(actor, contract)
    if actor.role != Role.RESIDENT:
        here = queries.is_member(actor, contract.team)
        require(here, _("The team takes the signature, or the resident signs at home."))
        chosen = [one for one in found if one.under == relation_id]
        found = chosen or (found if relation_id is None else [])
    if found:
        return found[0]
    age = contract.patient.age_on()
    if age is not None and age < OF_AGE:
        raise Invalid(_("A guardian must sign."), path="relation")
    if relation_id or (contract.renews and contract.renews.is_signed_by_guardian):
        said = _("Who has come of age signs for themselves; no guardian can any more.")
        raise Forbidden(said)
    raise Forbidden(_("Every adult signs for themselves."))


def _note_reading(actor: User, contract: Contract, read_aloud: bool) -> None:
    if read_aloud and actor.role != Role.RESIDENT:
        contract.read_at, contract.read_aloud = moments.now(), True
    if contract.read_at is None:
        raise Invalid(_("Read or hear the agreement first."), path="read")


def _put_signature(
    actor: User, contract: Contract, signer: Signer, signature: bytes | None
) -> None:
    if not signature:
        raise Invalid(_("Please sign, or add the photo of the signed paper."), path="signature")
    if len(signature) > SIGNATURE_LIMIT:
        raise Invalid(_("The signature picture is too large."), path="signature")
    contract.signed_by, contract.relation = signer.kind, signer.relation
    contract.witness = actor if actor.role != Role.RESIDENT else None
    contract.signature, contract.signature_hash = signature, digest(signature)
    contract.signed_at = moments.now()


def settle_term(contract: Contract, old: Contract | None, person: Patient) -> None:
    """
    When it begins, whose place it takes, and what becomes of the contract before it.

    What is taken over from a team that closed runs to the day that was signed there.
    """
    begins = timezone.localdate()
    over: date | None = old.term.upper if contract.is_handed and old else None
    if contract.renews_id and old:
        if not queries.is_renewable(old):
            raise dead()
        begins = max(begins, old.term.upper)
    elif contract.replaces_id and old and old.status in (Status.SIGNED, *LIVE):
        end_locked(old, Because.TEAM_CLOSED if contract.is_handed else Because.CHANGED)
    elif contract.is_handed and old:
        shorten(old)
    contract.term = DateRange(begins, over or years_after(begins, contract.years))
    _refuse_second(contract, person)
    if contract.renews_id and old and old.status == Status.RENEWAL_ASKED:
        hand_on(old, contract)
        step(old, Status.RENEWED, "contract.renew", ContractRenewed)
        clock_rows.stop(old, clock_rows.RENEWAL, clock_rows.OF_AGE)
    else:
        claim(contract)
    second = Conflict(_("This person has just been signed by another team."), path="people")
    Episode.objects.create(contract=contract)
    with refusing(nobody_has_two_family_doctors=second, one_active_contract_a_person=second):
        if contract.is_handed:
            step(contract, Status.SIGNED, "contract.take_over", ContractTakenOver)
        else:
            step(contract, Status.SIGNED, "contract.sign", ContractSigned)
    clock_rows.stop(contract, clock_rows.SIGNATURE, clock_rows.REVIEW)


def _refuse_second(contract: Contract, person: Patient) -> None:
    """What the constraint refuses, refused here with the team and the day."""
    others = Contract.objects.filter(
        person_key=person.pk, status__in=SIGNED, term__overlap=contract.term
    )
    there = others.exclude(pk=contract.pk).select_related("team").first()
    if there:
        raise already_signed(there)


def dead() -> Conflict:
    return Conflict(_("An ended contract cannot be renewed; apply anew."), path="status")


def _lock_person(contract: Contract) -> Patient:
    """Whoever signs the same person waits here, before any contract is locked."""
    rows = Patient.objects.filter(pk=contract.person_key).select_for_update(
        no_key=True, of=["self"]
    )
    return rows.get()


def _lock_contracts(seen: Contract, person: Patient) -> dict[UUID, Contract]:
    """The contract, the one that it follows, and the other applications of the person."""
    others = queries.open_of(person.pk).values_list("pk", flat=True)
    wanted = {seen.pk, seen.renews_id, seen.replaces_id, *others} - {None}
    return {one.pk: one for one in lock_all(pk for pk in wanted if pk)}
