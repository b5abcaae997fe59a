"""The record goes along: who is asked may read it, and who has the patient."""

from datetime import timedelta

from records.consent.models import Basis
from records.consent.services import end_care, open_care
from scheduling.referrals.models import Referral, Round
from scheduling.referrals.services.telling import doctors_of
from telemed.core import moments
from telemed.core.intentions import require_intention

READABLE_AFTER = timedelta(days=7)  # once the patient was handed back


def open_record(*, referral: Referral, one: Round) -> None:
    """To each doctor of the department that is asked; nobody else of the hospital."""
    require_intention()
    for doctor in doctors_of(one.department):
        open_care(
            organisation=one.organisation,
            patient=referral.patient,
            basis=Basis.REFERRED,
            about=one.pk,
            person=doctor.pk,
        )


def close_record(*, one: Round) -> None:
    require_intention()
    end_care(about=one.pk)


def close_record_later(*, referral: Referral) -> None:
    """Whoever had the patient may still look at what became of them."""
    require_intention()
    for key in referral.rounds.values_list("pk", flat=True):
        end_care(about=key, until=moments.now() + READABLE_AFTER)
