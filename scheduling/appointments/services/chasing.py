"""Appeals that nobody decides: who is told, and when."""

from scheduling.appointments.models import Appeal
from scheduling.appointments.penalties import APPEAL, OVER
from scheduling.appointments.services.reminding import time_words
from telemed.audit import services as audit
from telemed.core.intentions import require_intention
from telemed.core.models import Clock
from telemed.notifications.services import notify
from telemed.organisations.models import Division, Organisation
from telemed.people.models import Role, User
from telemed.rota.reaching import authority_coordinators, people_of

URL = "/booking/appeals/"
DECIDING = (Role.COORDINATOR, Role.ADMINISTRATOR)


def chase_appeal(*, clock: Clock) -> None:
    """
    While it waits: a reminder to who can decide it, and to the desk; when the time is over, to
    them once more and to the coordinators of the county. The block stays suspended.
    """
    require_intention()
    rows = Appeal.objects.filter(pk=clock.about, state=Appeal.State.FILED)
    appeal = rows.select_related("strike__organisation__division").first()
    if appeal is None:
        return
    hospital = appeal.strike.organisation
    is_over = clock.rung == OVER
    people = _of_hospital(hospital)
    if is_over:
        people += authority_coordinators(hospital, Division.Level.COUNTY)
    end = Clock.objects.get(about=appeal.pk, kind=APPEAL, rung=OVER).due_at
    for person in {one.pk: one for one in people}.values():
        notify(
            recipient=person,
            template="penalty.overdue" if is_over else "penalty.undecided",
            about=appeal.pk,
            url=URL,
            turn=10 * clock.turn + clock.rung,
            desk=hospital.pk,
            org=hospital.name,
            time=time_words(end),
        )
    audit.record(
        action="penalty.escalate" if is_over else "penalty.remind",
        target=appeal.strike,
        patient_id=appeal.strike.patient_id,
    )


def _of_hospital(hospital: Organisation) -> list[User]:
    return [one for role in (*DECIDING, Role.DESK) for one in people_of(hospital, role)]
