"""The pages on which a doctor books for several people: the list, its result, its papers."""

import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import OperationalError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from records.consent.services import find_patients
from records.mpi.models import Patient
from scheduling.appointments import batch_plans, batch_results, batches, gates, services
from scheduling.appointments.forms import BatchForm, read_batch, read_people, read_period
from scheduling.appointments.models import MOST_IN_BATCH, BatchRow
from scheduling.appointments.services.batching import only_batchers
from scheduling.appointments.views.showing import code_for, division_of
from scheduling.availability.models import Pool
from scheduling.availability.queries import doctors_in, get_department
from scheduling.availability.searching import days_of, find_departments, first_free_day
from telemed.core import idempotency
from telemed.core.intentions import intention
from telemed.people.models import User
from telemed.people.sessions import SignedIn

logger = logging.getLogger(__name__)
POOLS = [Pool.FAMILY_DOCTOR, Pool.PUBLIC]  # whose places a clinic's doctor takes
FOUND = 8  # people under the finder
KEPT = ("department", "doctor", "earliest", "latest")
ACTS: dict[str, Callable[..., BatchRow]] = {
    "take": services.book_instead,
    "cancel": services.cancel_row,
    "undo": services.undo_row,
}


@login_required
@require_safe
def draft(request: SignedIn) -> HttpResponse:
    """Where and when, who, and who would get which time: all of it in the address of the page."""
    asked, wanted = BatchForm(request.GET).read(), read_people(request.GET)
    if wanted and not asked["key"]:  # so that Back finds what was sent from here
        return redirect(f"{request.path}?{request.GET.urlencode()}&key={uuid4()}")
    with intention(request.user, door="web"):
        only_batchers(request.user)
        sent = batches.find_by_key(request.user, asked["key"]) if asked["key"] else None
        if sent:
            return redirect("booking:batch_result", sent.pk)
        listed = batches.draft_of(request.user, wanted)
        services.trace_look(listed.people)
        context = {"people": listed.people, "said": listed.said, "most": MOST_IN_BATCH}
        context |= {"asked": asked, "key": asked["key"] or uuid4()}
        if asked["department"] is None:
            context |= _where(request.user, asked["where"])
        else:
            context |= _plan(request.user, listed.people, asked)
    context["query"] = _query(context)
    part = "_batch_found" if request.GET.get("part") == "found" else "batch"
    return render(request, f"appointments/{part}.html", context)


@login_required
@require_POST
def send(request: SignedIn) -> HttpResponse:
    """The batch in one intention, then each person in one of their own."""
    only_batchers(request.user)
    facts, rows = read_batch(request.POST)
    key, body = facts["key"], [facts["department"], facts["day"], rows]
    with intention(request.user, door="web"):
        name = f"batch:{key}"
        batch_id = idempotency.remembered(key=name, body=body)
        if batch_id is None:
            batch = services.open_batch(
                actor=request.user,
                key=key,
                department_id=facts["department"],
                day=facts["day"],
                wanted=rows,
            )
            batch_id = str(batch.pk)
            idempotency.keep(key=name, answer=batch_id)
    return _book(request, UUID(batch_id))


@login_required
@require_POST
def go_on(request: SignedIn, batch_id: UUID) -> HttpResponse:
    """With whom nobody came to: the line went in the middle."""
    return _book(request, batch_id)


@login_required
@require_safe
def result(request: SignedIn, batch_id: UUID) -> HttpResponse:
    """What became of each, and what can be done about it now."""
    with intention(request.user, door="web"):
        batch = services.read_batch(actor=request.user, batch_id=batch_id)
        rows = batch_results.results_of(request.user, batch)
    context = {
        "batch": batch,
        "rows": rows,
        "booked": sum(one.is_booked for one in rows),
        "waiting": sum(one.is_waiting for one in rows),
        "on_paper": sum(one.needs_paper for one in rows),
        "done": request.GET.get("row"),
    }
    return render(request, "appointments/batch_result.html", context)


@login_required
@require_POST
def act(request: SignedIn, row_id: UUID, act: str) -> HttpResponse:
    """For one person: another time, cancelling, undoing that."""
    service = ACTS.get(act)
    if service is None:
        raise batches.hidden()
    only_batchers(request.user)
    more = {"period_id": read_period(request.POST)} if act == "take" else {}
    with intention(request.user, door="web"):
        row = service(actor=request.user, row_id=row_id, **more)
    page = reverse("booking:batch_result", args=[row.batch_id])
    return redirect(f"{page}?row={row.pk}#r-{row.pk}")


@login_required
@require_safe
def slips(request: SignedIn, batch_id: UUID) -> HttpResponse:
    """One for each person who was booked, to be given into their hand."""
    batch, rows = _papers(request, batch_id)
    shown = [(one, code_for(request, one.appointment)) for one in rows if one.appointment]
    context = {"batch": batch, "slips": shown}
    return render(request, "appointments/batch_slips.html", context)


@login_required
@require_safe
def sheet(request: SignedIn, batch_id: UUID) -> HttpResponse:
    """Everybody on one sheet, for the doctor."""
    batch, rows = _papers(request, batch_id)
    return render(request, "appointments/batch_sheet.html", {"batch": batch, "rows": rows})


def _papers(request: SignedIn, batch_id: UUID) -> tuple[Any, list[batch_results.Result]]:
    """Who is booked now, in the order of their times."""
    with intention(request.user, door="web"):
        batch = services.read_batch(actor=request.user, batch_id=batch_id)
        rows = batch_results.results_of(request.user, batch)
    return batch, sorted((one for one in rows if one.is_booked and one.known), key=_time)


def _time(one: batch_results.Result) -> Any:
    assert one.appointment is not None  # noqa: S101 - who is booked has one
    return one.appointment.during.lower, one.appointment.ticket


def _book(request: SignedIn, batch_id: UUID) -> HttpResponse:
    """Everybody who waits, one after the other. What is booked stands, whatever comes then."""
    with intention(request.user, door="web"):
        only_batchers(request.user)
        waiting = batches.waiting_rows(batches.get_batch(request.user, batch_id))
    for row_id in waiting:
        try:
            with intention(request.user, door="web"):
                services.book_row(actor=request.user, row_id=row_id)
        except OperationalError:
            logger.exception("A batch broke off; its page says who was not tried")
            messages.warning(request, _("It broke off in the middle. What is booked stands."))
            break
    return redirect("booking:batch_result", batch_id)


def _where(actor: User, text: str | None) -> dict[str, Any]:
    """No department yet: those near first; and what was booked lately."""
    found = find_departments(text or "", division_of(actor), POOLS)
    return {"departments": found, "lately": batches.batches_lately(actor)}


def _plan(actor: User, people: list[Patient], asked: dict[str, Any]) -> dict[str, Any]:
    department = get_department(asked["department"])
    days = days_of(department, POOLS, asked["doctor"], in_person=True)
    day = asked["day"] or first_free_day(days)
    context = {
        "department": department,
        "days": days,
        "day": day,
        "doctors": doctors_in(department),
        "notice": gates.notice_of(department.organisation_id),
    }
    wish = batch_plans.Wish(
        department,
        day or timezone.localdate(),
        asked["doctor"],
        asked["earliest"],
        asked["latest"],
    )
    rows = batch_plans.plan(actor, people, wish)
    context["rows"] = rows
    context["times"] = [one.period for one in rows if one.period]
    context["over"] = wish.day < timezone.localdate()
    return context | _found(actor, people, asked["q"], wish)


def _found(
    actor: User, people: list[Patient], text: str | None, wish: batch_plans.Wish
) -> dict[str, Any]:
    """Under the finder: who may be added, who stands on the list, what is in the way of whom."""
    if not text or not text.strip():
        return {"text": "", "found": []}
    page = find_patients(actor=actor, text=text, limit=FOUND)
    asked = [row.patient for row in page.rows]
    mine = batches.people_for(actor, [person.pk for person in asked])
    known = {one.patient.pk: one for one in batch_plans.candidates(actor, mine, wish)}
    listed = {person.pk for person in people}
    found = [(person, person.pk in listed, known.get(person.pk)) for person in asked]
    return {"text": text, "found": found}


def _query(context: dict[str, Any]) -> str:
    """The page as it stands but for its day, for a link to another one."""
    kept = {name: value for name in KEPT if (value := context["asked"][name])}
    pairs = [*(kept | {"key": context["key"]}).items()]
    return urlencode(pairs + [("who", person.pk) for person in context["people"]])
