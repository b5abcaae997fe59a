"""Where a closed case becomes a line of the ledger."""

from datetime import date, timedelta

from django.utils import timezone

from consult.requests import roomport
from consult.requests.models import HALF_HOUR, Case
from records.mpi.low_incomes import is_exempt
from telemed.core.intentions import require_intention
from telemed.organisations import ledger
from telemed.organisations.models import Entry


def accrue(*, case: Case) -> None:
    """
    The one place where the closing transaction writes its line, at the price of the accept day.

    A unit is half an hour of the room begun; an opinion in writing is one.
    """
    require_intention()
    accepted = case.steps.filter(action="case.accept").order_by("-at")
    at = accepted.values_list("at", flat=True).first()
    together = roomport.time_live(case.pk) if case.mode == Case.Mode.LIVE else timedelta()
    accepted_at = at or timezone.now()
    ledger.accrue(
        subject=case.pk,
        kind=case.service,
        agreement=case.agreement,
        units=max(1, -(-together // HALF_HOUR)),
        at=accepted_at,
        exempt=_exemption(case, timezone.localdate(accepted_at)),
        reference=case.number or "",
        parties=(case.asking, case.addressee),
    )


def _exemption(case: Case, day: date) -> str:
    """Nobody is asked: the low-income register of that day says it, and not of which kind."""
    return Entry.LOW_INCOME if is_exempt(case.patient, day) else ""


def reverse(*, case: Case, reason: str) -> None:
    """What the case earned is brought to nothing; no line where it was not closed yet."""
    require_intention()
    ledger.reverse(subject=case.pk, kind=case.service, reason=reason)


def restore(*, case: Case, reason: str) -> None:
    """It is owed again, as it was."""
    require_intention()
    ledger.restore(subject=case.pk, kind=case.service, reason=reason)
