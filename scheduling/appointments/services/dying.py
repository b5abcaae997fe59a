"""What a death ends."""

from uuid import UUID

from scheduling.appointments.models import COMING, WAITING, Appointment, Status
from scheduling.appointments.services.leaving import call_off, drop_hold
from scheduling.appointments.services.waiting import drop_wait
from scheduling.availability.services.places import lock_period
from telemed.core.intentions import require_intention


def end_for_death(*, person_key: UUID) -> int:
    """
    Places are given back, nobody waits any more, and no visit counts as missed.

    In the order of the periods, as everybody locks them; seen twice, nothing is left to end.
    """
    require_intention()
    claims = Appointment.objects.filter(person_key=person_key)
    live = claims.filter(status__in=[Status.HELD, *COMING, *WAITING]).order_by("period", "pk")
    ended = 0
    for pk, period_id in list(live.values_list("pk", "period")):
        lock_period(period_id)
        claim = claims.filter(pk=pk).select_for_update(no_key=True).first()
        if claim is None:
            continue
        if claim.status == Status.HELD:
            drop_hold(claim)
        elif claim.status in COMING:
            call_off(appointment_id=pk)
        elif claim.status in WAITING:
            drop_wait(claim)
        else:
            continue
        ended += 1
    return ended
