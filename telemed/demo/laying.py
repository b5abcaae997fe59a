"""Laying the synthetic past, county by county, up to the last midnight; each day a day more."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from consult.requests.models import Case, Kind, Step, WantedTime
from records.mpi.models import Patient
from telemed.audit import services as audit
from telemed.core.ids import id_at
from telemed.core.intentions import require_intention
from telemed.demo import past, province
from telemed.demo.models import PROVINCE, FillProgress, Past
from telemed.demo.past import REASON, Life
from telemed.organisations.models import Organisation, Specialty
from telemed.oversight.indicators import midnight
from telemed.oversight.models import Reason, Silence, SilenceEntry
from telemed.oversight.services import give_reason
from telemed.people.models import PractitionerRole, Role, User

NOBODY = "演示病人"
ASKED = (Reason.NO_STAFF, Reason.LINE_DOWN, Reason.TRAINED, Reason.BROKEN, Reason.SEASON)
BATCH = 1_000


def lay_past() -> int | None:
    """
    The next county that lacks something, and how many then still do; None where there is nothing
    to do. One layer at a time, and none before the province is full.
    """
    require_intention()
    filled = FillProgress.objects.select_for_update(skip_locked=True, no_key=True)
    if filled.filter(pk=PROVINCE, finished_at__isnull=False).first() is None:
        return None
    until = midnight(timezone.localdate())
    known = {one.county: one for one in Past.objects.all()}
    waiting = [c for c in past.counties() if c not in known or known[c].until < until]
    if not waiting:
        return None
    county, *left = waiting
    since = past.first_day(timezone.localdate())
    progress = known.get(county) or Past(county=county, since=since, until=midnight(since))
    _lay_county(progress, until)
    progress.until = until
    progress.save()
    audit.record(action="demo.past", target=f"Division/{county}")
    return len(left)


def lay_reasons() -> None:
    """An official rang every third of the silent clinics, and wrote down what they said."""
    require_intention()
    official = User.objects.get(username="official")
    waiting = Silence.objects.filter(ended_at=None, reason="").select_related("organisation")
    for silence in waiting.exclude(entries__kind=SilenceEntry.Kind.REASON).order_by("pk"):
        number = silence.organisation.number
        if silence.ever_asked and number % 3 == 0:
            reason = ASKED[number // 3 % len(ASKED)]
            give_reason(actor=official, silence_id=silence.pk, reason=reason)


def _lay_county(progress: Past, until: datetime) -> None:
    """What is over by then, and of what was over before, what has happened since."""
    clinics = past.clinics_of(progress.county)
    hospital = province.county_hospital(progress.county).number
    numbers = [hospital, *(clinic.number for clinic in clinics)]
    known = Organisation.objects.in_bulk(numbers, field_name="number")
    asking = _doctors(known.values())
    patient = _nobody()
    new: dict[str, Case] = {}
    old: list[Life] = []
    lives: list[Life] = []
    for clinic in clinics:
        organisation = known.get(clinic.number)
        if organisation is None or organisation.pk not in asking or hospital not in known:
            continue
        for life in past.lives_of(clinic, progress.since, until):
            if life.over_at >= until:
                continue
            lives.append(life)
            if life.over_at < progress.until:
                old.append(life)
                continue
            new[life.number] = _case(
                life, organisation, known[hospital], asking[organisation.pk], patient
            )
    Case.objects.bulk_create(new.values(), batch_size=BATCH)
    ids = {number: case.pk for number, case in new.items()}
    known_before = Case.objects.filter(number__in=[life.number for life in old])
    ids |= {str(number): pk for number, pk in known_before.values_list("number", "pk")}
    Step.objects.bulk_create(_steps(lives, ids, set(new), progress.until, until), batch_size=BATCH)


def _steps(
    lives: Iterable[Life], ids: dict[str, UUID], new: set[str], since: datetime, until: datetime
) -> Iterator[Step]:
    for life in lives:
        for happening in life.steps:
            fresh = life.number in new or happening.at >= since
            if fresh and happening.at < until and life.number in ids:
                yield Step(
                    id=id_at(happening.at),
                    case_id=ids[life.number],
                    action=happening.action,
                    from_status="",
                    to_status="",
                    at=happening.at,
                    facts=happening.facts,
                )


def _case(
    life: Life, clinic: Organisation, hospital: Organisation, doctor: UUID, patient: Patient
) -> Case:
    return Case(
        id=id_at(life.sent_at),
        number=life.number,
        kind=life.kind,
        status=life.status,
        closing=life.closing,
        mode=Case.Mode.OFFLINE,
        patient=patient,
        asking=clinic,
        asked=hospital,
        requester_id=doctor,
        specialty=life.specialty,
        reason=REASON,
        aim=REASON,
        summary=REASON,
        wanted_time=WantedTime.TODAY,
        priority=life.kind == Kind.SINGLE and life.specialty == Specialty.NEUROLOGY,
    )


def _doctors(organisations: Iterable[Organisation]) -> dict[UUID, UUID]:
    """One township doctor of each institution that has any."""
    held = PractitionerRole.objects.filter(
        organisation__in=organisations, role=Role.TOWNSHIP_DOCTOR, ends_on=None
    )
    return dict(held.order_by("-pk").values_list("organisation", "user"))


def _nobody() -> Patient:
    """Stands where a case must have a patient; no institution treats them, so none sees them."""
    patient, _new = Patient.objects.get_or_create(
        name=NOBODY,
        user=None,
        managing_organisation=None,
        defaults={
            "pinyin": "yan shi bing ren",
            "initials": "ysbr",
            "sex": Patient.Sex.UNKNOWN,
        },
    )
    return patient
