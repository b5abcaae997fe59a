"""What goes back to the clinic with a patient: what it was, what was done, and the plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.referrals.models import PlanItem, Referral
from scheduling.referrals.policies import REASON
from telemed.core.errors import Invalid

SHORTEST = 2
MOST_ITEMS = 12


@dataclass(frozen=True, kw_only=True)
class HandOver:
    """As a hospital writes it, at the hand-back or when it sends somebody down."""

    diagnosis: str
    done: str
    medicines: str = ""
    items: Sequence[tuple[str, date | None]] = ()
    none_reason: str = ""


def write_down(referral: Referral, over: HandOver) -> list[PlanItem]:
    """
    Its words in the referral, and its plan, both for the caller to save.

    Raises Invalid naming what is missing.
    """
    if len(over.diagnosis.strip()) < SHORTEST:
        raise Invalid(_("Write the diagnosis."), path="diagnosis")
    if len(over.done.strip()) < SHORTEST:
        raise Invalid(_("Write what was done."), path="done")
    plan = _plan(referral, over.items, over.none_reason.strip())
    referral.diagnosis, referral.done = over.diagnosis.strip(), over.done.strip()
    referral.medicines, referral.none_reason = over.medicines.strip(), over.none_reason.strip()
    referral.planned = len(plan)
    return plan


def _plan(
    referral: Referral, items: Sequence[tuple[str, date | None]], none_reason: str
) -> list[PlanItem]:
    if len(items) > MOST_ITEMS:
        raise Invalid(_("At most {n} at once.").format(n=MOST_ITEMS), path="plan")
    today, plan = timezone.localdate(), []
    for what, due_on in items:
        if due_on is None or not what.strip():
            raise Invalid(_("Each item of the plan says what, and by when."), path="plan")
        if due_on < today:
            raise Invalid(_("That time has passed."), path="plan")
        plan.append(PlanItem(referral=referral, what=what.strip()[:200], due_on=due_on))
    if not plan and len(none_reason) < REASON:
        down = _("A patient goes down with a plan, or with why none is needed.")
        raise Invalid(down if referral.is_down else _("Handing back needs a plan."), path="plan")
    return plan
