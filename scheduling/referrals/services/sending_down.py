"""A hospital sends a patient down to a clinic: discharged, for rehabilitation, to be followed."""

from django.utils.translation import gettext as _

from records.consent import access
from records.mpi.models import Patient
from scheduling.referrals import permissions
from scheduling.referrals.models import Purpose, Referral, Urgency
from scheduling.referrals.services.handing_over import HandOver
from scheduling.referrals.services.sending import Wish, refer
from telemed.core.errors import Invalid, NotFound, require
from telemed.core.intentions import require_intention
from telemed.people.models import User


def send_down(
    *, actor: User, patient: Patient, purpose: str, wish: Wish, hand_over: HandOver
) -> Referral:
    """
    What was found and what is to be done goes along at once; the clinic takes the plan over when
    the patient is there. Sending the same again answers the present state.

    Raises NotFound for a record that is not to be known, Invalid, or Conflict: no agreement is in
    force, the same referral is open.
    """
    require_intention()
    if not access.decide(actor, "read", patient).allowed:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Patient/{patient.pk}")
    may = permissions.may_send_down(actor, patient)
    require(may, _("Only a doctor of the hospital sends a patient down."))
    if purpose not in Purpose.values:
        raise Invalid(_("Choose what the clinic takes the patient on for."), path="purpose")
    if wish.urgency == Urgency.GREEN:
        raise Invalid(_("A green channel leads to a hospital."), path="urgency")
    return refer(
        sender=actor,
        sending=actor.acting_organisation,
        patient=patient,
        wish=wish,
        purpose=purpose,
        hand_over=hand_over,
    )
