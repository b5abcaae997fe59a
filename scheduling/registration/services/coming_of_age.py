"""At eighteen the own signature is asked for; a guardian's holds to the end of the contract."""

from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.registration import clock_rows, queries
from scheduling.registration.models import LIVE, Contract, OwnSignature, Status
from scheduling.registration.services.signing import SIGNATURE_LIMIT
from scheduling.registration.services.stepping import lock, lock_any, publish
from scheduling.registration.services.telling import tell_doctor, tell_people, tell_user
from scheduling.registration.services.wording import digest
from scheduling.registration.words import day_words
from telemed.audit import services as audit
from telemed.core import moments
from telemed.core.errors import Forbidden, Invalid
from telemed.core.intentions import require_intention
from telemed.core.models import Clock
from telemed.people.models import Role, User


def sign_own(
    *, actor: User, contract_id: UUID, signature: bytes | None, has_read: bool = False
) -> Contract:
    """
    By the person alone, at home or in front of the team, which read it aloud and is the witness.

    Nothing of the contract changes: who does not sign has it until its end.
    """
    require_intention()
    contract = lock(actor, contract_id)
    member = queries.is_member(actor, contract.team)
    if not member and contract.patient.user_id != actor.pk:
        raise Forbidden(_("Who has come of age signs for themselves."))
    if contract.own:
        return contract
    if contract.status not in (Status.SIGNED, *LIVE):
        raise contract.out_of_turn()
    if not contract.lacks_own:
        said = _("The own signature is asked of who turned 18 under a guardian's.")
        raise Invalid(said, path="signature")
    if not has_read:
        raise Invalid(_("Read or hear the agreement first."), path="read")
    if not signature:
        raise Invalid(_("Please sign, or add the photo of the signed paper."), path="signature")
    if len(signature) > SIGNATURE_LIMIT:
        raise Invalid(_("The signature picture is too large."), path="signature")
    OwnSignature.objects.create(
        contract=contract,
        text_hash=contract.text_hash,
        signature=signature,
        signature_hash=digest(signature),
        read_aloud=member,
        witness=actor if actor.role != Role.RESIDENT else None,
        signed_at=moments.now(),
    )
    clock_rows.stop(contract, clock_rows.OF_AGE)
    audit.record(action="contract.sign_own", target=contract, patient_id=contract.patient_id)
    publish(contract)
    return contract


def ask_those_in_force(after: UUID | None, limit: int) -> UUID | None:
    """
    Contracts that were in force before there was this clock get it; those of a birth date that was
    entered later, too. The last one looked at, from which the next part goes on; None at the end.
    """
    require_intention()
    today = timezone.localdate()
    clocks = Clock.objects.filter(about=OuterRef("pk"), kind=clock_rows.OF_AGE)
    rows = Contract.objects.filter(
        ~Exists(clocks),
        status__in=LIVE,
        signed_by="guardian",
        own_signature=None,
        term__contains=today,
        patient__birth_date__isnull=False,
        patient__deceased_on=None,
    )
    if after:
        rows = rows.filter(pk__gt=after)
    locked = rows.select_for_update(of=["self"], skip_locked=True, no_key=True).order_by("pk")
    found = list(locked.select_related("patient", "replaces")[:limit])
    # Looked at again under the lock: another worker may have been here since.
    there = Clock.objects.filter(about__in=[one.pk for one in found], kind=clock_rows.OF_AGE)
    begun = set(there.values_list("about", flat=True))
    for contract in found:
        born = contract.patient.birth_date
        runs = born is not None and clock_rows.comes_of_age_on(born) < contract.term.upper
        if runs and contract.pk not in begun and not contract.own:
            clock_rows.start_of_age(contract)
            audit.record(
                action="contract.await_own", target=contract, patient_id=contract.patient_id
            )
    return found[-1].pk if len(found) == limit else None


def ask_own_signature(*, clock: Clock) -> None:
    """Before the birthday both are told, then the person twice, then the doctor asks at a visit."""
    require_intention()
    contract = lock_any(clock.about)
    if contract.status not in LIVE or contract.own or not contract.is_signed_by_guardian:
        return
    turn = 10 * clock.turn + clock.rung
    if clock.rung == clock_rows.SOON:
        born = contract.patient.birth_date
        date = day_words(clock_rows.comes_of_age_on(born)) if born else ""
        tell_people(contract, "contract.of_age_soon", turn=turn, date=date)
    elif clock.rung == clock_rows.DOCTOR or contract.patient.user is None:
        week = timezone.localdate().toordinal() % 32_000
        tell_doctor(contract, "contract.own_missing", turn=week)
    else:
        tell_user(contract.patient.user, contract, "contract.of_age", turn=turn)
