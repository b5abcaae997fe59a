"""The form of a service goes into the record as it was filled in (FHIR QuestionnaireResponse)."""

from scheduling.duties.models import Duty, Form, Visit
from scheduling.duties.queries import SHOWN
from telemed.core import publication
from telemed.core.intentions import require_intention


def file_form(duty: Duty) -> None:
    """What a duty holds now: another version, each time that it is entered."""
    require_intention()
    publication.publish(_form(duty))


def void_form(duty: Duty) -> None:
    """The entry was wrong; what it said is still there to be read. Before the duty forgets it."""
    require_intention()
    form = _form(duty)
    form.struck = True
    publication.publish(form)


def file_visit(visit: Visit) -> None:
    require_intention()
    publication.publish(visit, new=True)


def _form(duty: Duty) -> Form:
    return Form.objects.select_related(*SHOWN).get(pk=duty.pk)
