"""Whether another time of one stop leaves its trip in order: what the doctor reads comes before."""

from scheduling.appointments.models import COMING, Appointment, Trip
from scheduling.availability.models import Period


def keeps_order(stop: Appointment, period: Period) -> bool:
    """Always so for what is no trip, and between examinations: their order is nobody's matter."""
    if stop.trip is None:
        return True
    others = Appointment.objects.filter(trip=stop.trip, status__in=COMING).exclude(pk=stop.pk)
    facing = [one for one in others if bool(one.examination) != bool(stop.examination)]
    examined_first = stop.trip.order == Trip.Order.VISIT_LAST
    if bool(stop.examination) == examined_first:
        return all(period.ends_at <= one.during.lower for one in facing)
    return all(period.starts_at >= one.during.upper for one in facing)
