"""What an SMS in answer to "was it done?" does."""

from scheduling.duties import services
from scheduling.duties.models import Answered
from telemed.core.errors import DomainError
from telemed.core.intentions import attempt
from telemed.notifications import replies
from telemed.notifications.models import Notification
from telemed.notifications.replies import Answer


def register() -> None:
    """Called in ready()."""
    replies.register("duty.confirm", answer)


def answer(question: Notification, said: Answer) -> None:
    """1 confirms, 2 disputes; what was answered otherwise meanwhile stays as it is."""
    try:
        with attempt():
            if said == Answer.YES:
                services.confirm(actor=question.reader, duty_id=question.about, way=Answered.SMS)
            elif said == Answer.NO:
                services.dispute(actor=question.reader, duty_id=question.about)
    except DomainError:
        return  # the page shows how it stands
