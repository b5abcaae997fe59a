"""What an SMS in answer to a question about a booking does."""

from collections.abc import Callable

from scheduling.appointments import services
from scheduling.appointments.displaced import QUESTIONS
from scheduling.appointments.models import Appointment
from scheduling.appointments.queries import SHOWN
from scheduling.appointments.services.reminding import tell
from telemed.core.errors import DomainError
from telemed.core.intentions import attempt
from telemed.notifications import replies
from telemed.notifications.models import Notification
from telemed.notifications.replies import Answer

Service = Callable[..., Appointment]


def register() -> None:
    """Called in ready()."""
    replies.register("waitlist.offer", answer_offer)
    for question in QUESTIONS:
        replies.register(question, answer_stop)
    replies.register("stop.stay", answer_stay)


def answer_offer(question: Notification, said: Answer) -> None:
    """1 takes the place, 2 lets it go; who is late is told that the list still counts."""
    service = {Answer.YES: services.accept, Answer.NO: services.decline}.get(said)
    if service is None:
        return
    try:
        with attempt():
            service(actor=question.reader, appointment_id=question.about)
    except DomainError:
        rows = Appointment.objects.select_related(*SHOWN, "patient__user")
        tell(rows.get(pk=question.about), "waitlist.late", turn=question.turn)


def answer_stop(question: Notification, said: Answer) -> None:
    """
    1 takes the place that is kept, 3 cancels; 2 is chosen on the page to which it leads, or with
    the desk that phones who has no account. Of a trip that one stop alone: the others stand.
    """
    _choose(question, said, {Answer.YES: services.rebook, Answer.THIRD: services.cancel})


def answer_stay(question: Notification, said: Answer) -> None:
    """Where nothing is kept, 1 stays with the doctor."""
    _choose(question, said, {Answer.YES: services.stay, Answer.THIRD: services.cancel})


def _choose(question: Notification, said: Answer, offered: dict[Answer, Service]) -> None:
    by_number = {Answer.NO: services.ask_for_call} if question.person_id else {}
    service = (offered | by_number).get(said)
    if service is None:
        return
    try:
        with attempt():
            service(actor=question.reader, appointment_id=question.about)
    except DomainError:
        return  # answered otherwise meanwhile: the page shows how it stands
