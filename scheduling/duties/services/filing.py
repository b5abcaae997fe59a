"""The form of a service goes into the record as it was filled in (FHIR QuestionnaireResponse)."""

from typing import TypeVar

from django.db.models import QuerySet

from scheduling.duties.fhir import with_tasks
from scheduling.duties.models import TO_FILE, Duty, Form, Visit
from scheduling.duties.queries import HEAVY, SHOWN
from telemed.audit import services as audit
from telemed.core import publication
from telemed.core.intentions import require_intention

Row = TypeVar("Row", Form, Visit)


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


def file_part(limit: int) -> int:
    """
    What was entered before there were forms: its form, and the Task that names it. Cut off, it
    goes on where it stopped; what somebody is just entering is filed by them, or the next time.
    """
    require_intention()
    forms = _first(Form.objects.filter(TO_FILE).select_related(*SHOWN).defer(*HEAVY), limit)
    publication.publish_next(forms)
    duties = Duty.objects.filter(id__in=[form.id for form in forms])
    publication.publish_next(list(with_tasks(duties).order_by("id")))
    return _filed(duties, "Duty")


def file_visits(limit: int) -> int:
    """The same of further visits."""
    require_intention()
    waiting = Visit.objects.filter(filed=False)
    visits = _first(waiting.select_related(*(f"duty__{path}" for path in SHOWN)), limit)
    publication.publish_next(visits)
    return _filed(Visit.objects.filter(id__in=[visit.id for visit in visits]), "Visit")


def _first(waiting: QuerySet[Row], limit: int) -> list[Row]:
    """The next of those that nobody has in hand."""
    rows = waiting.select_for_update(of=["self"], no_key=True, skip_locked=True)
    return list(rows.order_by("id")[:limit])


def _filed(rows: QuerySet[Duty] | QuerySet[Visit], what: str) -> int:
    n = rows.update(filed=True)
    if n:
        audit.record(action="duty.file", target=f"{what}/{n} from before there were forms")
    return n


def _form(duty: Duty) -> Form:
    return Form.objects.select_related(*SHOWN).get(pk=duty.pk)
