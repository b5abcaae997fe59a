"""Where a closed case becomes a line of the ledger."""

from datetime import timedelta

from django.utils import timezone

from consult.requests import roomport
from consult.requests.models import HALF_HOUR, Case
from telemed.core.intentions import require_intention
from telemed.organisations import ledger


def accrue(*, case: Case) -> None:
    """
    The one place where the closing transaction writes its line, at the price of the accept day.

    A unit is half an hour of the room begun; an opinion in writing is one.
    """
    require_intention()
    accepted = case.steps.filter(action="case.accept").order_by("-at")
    at = accepted.values_list("at", flat=True).first()
    together = roomport.time_live(case.pk) if case.mode == Case.Mode.LIVE else timedelta()
    ledger.accrue(
        subject=case.pk,
        kind=case.service,
        agreement=case.agreement,
        units=max(1, -(-together // HALF_HOUR)),
        at=at or timezone.now(),
        reference=case.number or "",
        parties=(case.asking, case.addressee),
    )


def reverse(*, case: Case, reason: str) -> None:
    """What the case earned is brought to nothing; no line where it was not closed yet."""
    require_intention()
    ledger.reverse(subject=case.pk, kind=case.service, reason=reason)


def restore(*, case: Case, reason: str) -> None:
    """It is owed again, as it was."""
    require_intention()
    ledger.restore(subject=case.pk, kind=case.service, reason=reason)
