"""The form of a service goes into the record as it was filled in (FHIR QuestionnaireResponse)."""

from scheduling.duties.fhir import with_tasks
from scheduling.duties.models import TO_FILE, Duty, Form, Visit
from scheduling.duties.queries import HEAVY, SHOWN
from telemed.audit import services as audit
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


def file_part(limit: int) -> int:
    """
    What was entered before there were forms: its form, and the Task that names it. Cut off, it
    goes on where it stopped; what somebody is just entering is filed by them, or the next time.
    """
    require_intention()
    entered = Form.objects.filter(TO_FILE).select_for_update(
        of=["self"], no_key=True, skip_locked=True
    )
    forms = list(entered.select_related(*SHOWN).defer(*HEAVY).order_by("id")[:limit])
    publication.publish_next(forms)
    duties = Duty.objects.filter(id__in=[form.id for form in forms])
    publication.publish_next(list(with_tasks(duties).order_by("id")))
    duties.update(filed=True)
    _note("Duty", len(forms))
    return len(forms)


def file_visits(limit: int) -> int:
    """The same of further visits."""
    require_intention()
    rows = Visit.objects.filter(filed=False).select_for_update(of=["self"], no_key=True)
    shown = rows.select_related(*(f"duty__{path}" for path in SHOWN)).order_by("pk")
    visits = list(shown[:limit])
    publication.publish_next(visits)
    Visit.objects.filter(pk__in=[one.pk for one in visits]).update(filed=True)
    _note("Visit", len(visits))
    return len(visits)


def _form(duty: Duty) -> Form:
    return Form.objects.select_related(*SHOWN).get(pk=duty.pk)


def _note(what: str, n: int) -> None:
    if n:
        audit.record(action="duty.file", target=f"{what}/{n} from before there were forms")
