"""Reads that need a name."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.opinions import rules, sealing
from consult.opinions.models import (
    Correction,
    CoWriter,
    Draft,
    ExpertView,
    Opinion,
    Phrase,
    SectionLease,
)
from consult.opinions.similarity import CHARACTERS
from consult.requests import permissions
from consult.requests.models import ANSWERED, HELD, OVER, Case, Offer
from consult.requests.queries import Candidate, candidates_of, get_case, has_seat, writes_along
from telemed.core import policies
from telemed.core.errors import NotFound
from telemed.people import licences
from telemed.people.models import Role, User
from telemed.rota.queries import has_rota, is_on_duty

WHY = Prefetch("corrections", Correction.objects.select_related("asked_by", "decided_by"))


def find_draft(actor: User, case: Case) -> Draft | None:
    """The unsigned text, for its writers alone."""
    if not may_write(actor, case):
        return None
    return Draft.objects.filter(case=case).first()


def may_write(actor: User, case: Case) -> bool:
    """Who holds it, and whom they asked to write along."""
    if permissions.is_holder(actor, case):
        return True
    return actor.role == Role.SPECIALIST and writes_along(actor, case)


def along(actor: User) -> Exists:
    """Of a case in a query: whether this doctor was asked to write along on its opinion."""
    mine = _co_writers().filter(writer=actor, organisation=actor.organisation_id)
    return Exists(mine.filter(case=OuterRef("pk")))


def _co_writers() -> QuerySet[CoWriter]:
    """Those who still write along: whoever asked them holds the case there now."""
    asked = CoWriter.objects.filter(
        ended_at=None, case__holder=F("asked_by"), case__asked=F("organisation")
    )
    return asked.filter(case__status__in=(*HELD, *ANSWERED, *OVER))


def co_writers_of(case: Case) -> list[CoWriter]:
    rows = _co_writers().filter(case=case, writer__is_active=True)
    return list(rows.select_related("writer").order_by("created_at", "pk"))


def to_ask_along(case: Case) -> list[Candidate]:
    """Colleagues at the asked hospital whose licence is live, without those who write already."""
    if case.asked is None:
        return []
    writing = {case.holder_id, *(one.writer_id for one in co_writers_of(case))}
    today = timezone.localdate()
    return [
        one
        for one in candidates_of(case)
        if one.doctor.pk not in writing
        and not licences.why_not(
            one.doctor.practitioner, case.specialty, case.asked, today, answering=False
        )
    ]


def leases_of(case: Case) -> dict[str, SectionLease]:
    """By section, who types there, or let the time run out and left it unfinished."""
    rows = SectionLease.objects.filter(case=case).select_related("writer").order_by("section")
    return {lease.section: lease for lease in rows}


def may_read(actor: User, case: Case) -> bool:
    """
    For the asking side, who signed or had a seat, and the patient; the medical office while it is
    asked.
    """
    clinical = permissions.may_read_clinical(actor, case, offered=False)
    part = has_seat(actor, case) or writes_along(actor, case)
    return clinical or part or _is_asked(actor, case)


def _is_asked(actor: User, case: Case) -> bool:
    """The medical office reads what it has to decide about, and no other opinion."""
    if not permissions.is_office(actor, case):
        return False
    asked = Correction.objects.filter(opinion__case=case, state=Correction.State.ASKED)
    return asked.exists()


def unsettled_experts(case: Case) -> list[Offer]:
    """The seats of a joint consult, but the chair's, that neither spoke nor let the time pass."""
    settled = case.statements.filter(view__in=ExpertView.SETTLED).values("expert")
    seats = case.offers.filter(role=Offer.Role.EXPERT, status=Offer.Status.ACCEPTED)
    return list(seats.exclude(doctor__in=settled).select_related("doctor").order_by("pk"))


def newest_opinion(case: Case) -> Opinion | None:
    return case.opinions.select_related("author").order_by("-version").first()


def find_version(case: Case, version: int) -> Opinion | None:
    return case.opinions.filter(version=version).select_related("author").first()


def open_correction(opinion: Opinion, kind: Correction.Kind) -> Correction | None:
    """What was asked about this version and not decided yet."""
    asked = opinion.corrections.filter(kind=kind, state=Correction.State.ASKED)
    return asked.select_related("asked_by").first()


def opinions_of(actor: User, case: Case) -> list[Opinion]:
    """Every signed version that the actor may read, newest first."""
    if not may_read(actor, case):
        return []
    signed = case.opinions.select_related("case__asked", "author__practitioner")
    return list(signed.prefetch_related(WHY).order_by("-version"))


def get_opinion(actor: User, case_id: UUID, version: int) -> Opinion:
    """One signed version, for whoever may read the case's clinical text."""
    case = get_case(actor, case_id)
    signed = case.opinions.select_related(
        "case__patient", "case__asking", "case__asked", "case__requester__practitioner", "author"
    ).prefetch_related(WHY)
    opinion = signed.filter(version=version).first() if may_read(actor, case) else None
    if opinion is None:
        raise NotFound(
            _("Not found, or not yours to know of."), path=f"Opinion/{case_id}/{version}"
        )
    return opinion


def find_by_code(typed: str) -> Opinion | None:
    """For the public check page: whoever holds the paper holds the code."""
    code = sealing.read_check_code(typed)
    if code is None:
        return None
    opinions = Opinion.objects.select_related("case__asked").prefetch_related(WHY)
    return opinions.filter(check_code=code).first()


def is_demonstration(opinion: Opinion) -> bool:
    """Whether our own key signed it, not one of a certificate authority."""
    return opinion.author.signing_keys.filter(public_key=opinion.public_key).exists()


def sent_at(case: Case) -> datetime | None:
    """When the request was sent."""
    sent = case.steps.filter(action="case.submit").order_by("at")
    return sent.values_list("at", flat=True).first()


def title_of(doctor: User) -> str:
    """The title on the licence, in words; empty where none is on file."""
    practitioner = getattr(doctor, "practitioner", None)
    return str(practitioner.get_title_display()) if practitioner else ""


def page_of(actor: User, case: Case) -> str:
    """Where this account reads the case."""
    return f"/my/cases/{case.pk}/" if actor.role == Role.RESIDENT else f"/cases/{case.pk}/"


def asks_duty_reason(actor: User, case: Case) -> bool:
    """Whether this doctor, without a shift now, has to say why they sign."""
    rule = policies.value(rules.OFF_DUTY, case.asked_id)
    if rule == rules.NEVER or is_on_duty(actor):
        return False
    return rule == rules.ALWAYS or has_rota(case.asked_id)


MAX_PHRASES = 200  # of one doctor and their department together


def own_specialty(actor: User) -> str:
    practitioner = getattr(actor, "practitioner", None)
    return practitioner.specialty if practitioner else ""


def _phrases(actor: User) -> QuerySet[Phrase]:
    """The doctor's own at this institution, and those of their department there."""
    here = Phrase.objects.filter(organisation=actor.organisation_id)
    if actor.role != Role.SPECIALIST:
        return here.none()
    own, specialty = Q(writer=actor, shared=False), own_specialty(actor)
    return here.filter(own | Q(shared=True, specialty=specialty) if specialty else own)


def phrases_of(actor: User) -> list[Phrase]:
    """What a doctor may insert, their own first."""
    phrases = _phrases(actor).select_related("writer").order_by("shared", "short")
    return list(phrases[:MAX_PHRASES])


def get_phrase(actor: User, phrase_id: UUID, *, lock: bool = False) -> Phrase:
    """One that the actor may change: their own, or their department's."""
    phrases = _phrases(actor)
    if lock:
        phrases = phrases.select_for_update()  # with its key: it may be deleted
    phrase = phrases.filter(pk=phrase_id).first()
    if phrase is None:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Phrase/{phrase_id}")
    return phrase


COMPARED = 2_000  # the latest closed cases that one is compared with


def comparable_cases(case: Case) -> list[tuple[UUID, str, str, str]]:
    """Id and texts of other patients' closed cases of the same hospital and specialty."""
    closed = Case.objects.filter(asked=case.asked, specialty=case.specialty, status__in=OVER)
    standing = closed.filter(opinion_version__gt=F("withdrawn_version"))
    others = standing.exclude(patient=case.patient_id).order_by("-id")
    beginning = Left("summary", CHARACTERS)
    return list(others.values_list("pk", "reason", "aim", beginning)[:COMPARED])


def opinions_in(case_ids: list[UUID]) -> dict[UUID, Opinion]:
    """The newest opinion of each case, with whom it is about."""
    newest = Opinion.objects.filter(case__in=case_ids, version=F("case__opinion_version"))
    related = ("case__patient", "case__asking", "case__asked", "case__requester")
    return {opinion.case_id: opinion for opinion in newest.select_related(*related)}
