"""What the page of a case and the room show of the opinion: `panel` in the two templates."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from consult.keyimages.panels import of_opinion
from consult.keyimages.queries import key_images_of
from consult.opinions import phrasing, rules, sealing
from consult.opinions.models import (
    DISSENT,
    LIMITS,
    SECTIONS,
    Correction,
    Draft,
    ExpertView,
    Opinion,
    SectionLease,
)
from consult.opinions.queries import (
    asks_duty_reason,
    co_writers_of,
    find_draft,
    is_demonstration,
    leases_of,
    may_read,
    may_write,
    newest_opinion,
    open_correction,
    opinions_of,
    phrases_of,
    to_ask_along,
    unsettled_experts,
)
from consult.opinions.services.drafting import AMENDABLE
from consult.opinions.services.readiness import ready_within
from consult.opinions.services.withdrawing import WITHDRAWAL_REASON, may_withdraw
from consult.requests import permissions
from consult.requests.models import HELD, Case, Offer, Status
from consult.requests.panels import Panel
from consult.requests.queries import find_seat
from telemed.core import policies
from telemed.core.errors import NotFound
from telemed.core.ids import new_id
from telemed.organisations.models import Specialty
from telemed.people.models import Practitioner, User
from telemed.people.queries import tries_left

FIRST_AMENDED = 2  # the version from which on there are earlier ones
STAMP = "印"  # a seal has four characters: the name, filled up with this


def draft_panel(actor: User, case: Case) -> dict[str, Any] | None:
    """For its writers while a text may be written; nobody else learns that there is one."""
    if not _is_open(actor, case):
        return None
    draft, signs = find_draft(actor, case), permissions.is_holder(actor, case)
    others = [one.writer for one in co_writers_of(case)]
    if case.holder and others:
        others.append(case.holder)
    leases = leases_of(case)
    return {
        "signs": signs,
        "others": [one for one in others if one.pk != actor.pk],
        "versions": {name: getattr(draft, f"{name}_version", 0) for name in SECTIONS},
        "unfinished": [
            one for one in leases.values() if one.writer_id != actor.pk and not one.is_live
        ],
        "case": case,
        "draft": draft or Draft(case=case, author=actor),
        "templates": phrasing.templates_for(case.specialty),
        "phrases": [
            {"short": phrase.short, "text": phrase.text, "shared": phrase.shared}
            for phrase in phrases_of(actor)
        ],
        "tries": tries_left(actor),
        "asks_duty": asks_duty_reason(actor, case),
        "shows_similar": policies.value(rules.SIMILAR, case.asked_id),
        "figures": list(key_images_of(case).filter(in_opinion=True)),
        "shown_ready": case.ready_at if draft else None,
        "ready_within": ready_within(case),
        "key": new_id().hex,
        "limits": LIMITS,
    }


def _is_open(actor: User, case: Case) -> bool:
    """Whether this account may write on a text of the opinion now."""
    if not may_write(actor, case) or case.status not in (*HELD, *AMENDABLE):
        return False
    begun = find_draft(actor, case) is not None
    return begun or case.status in HELD or case.is_withdrawn


def writers_page(actor: User, case: Case) -> dict[str, Any]:
    """Who writes along, and for the holder who could."""
    if not _is_open(actor, case) or not permissions.is_holder(actor, case):
        raise NotFound(_("There is no opinion for you to write here."), path=f"Case/{case.pk}")
    return {"writers": co_writers_of(case), "colleagues": to_ask_along(case)}


def text_now(actor: User, case: Case) -> dict[str, Any]:
    """What stands in each section, and who else types there, in words."""
    if not _is_open(actor, case):
        raise NotFound(_("There is no opinion for you to write here."), path=f"Case/{case.pk}")
    draft = find_draft(actor, case) or Draft(case=case)
    leases = leases_of(case)
    return {
        "version": draft.version,
        "together": bool(co_writers_of(case)),
        "sections": {
            name: {
                "text": getattr(draft, name),
                "version": getattr(draft, f"{name}_version"),
                **_held(actor, leases.get(name)),
            }
            for name in SECTIONS
        },
    }


def _held(actor: User, lease: SectionLease | None) -> dict[str, Any]:
    if lease is None or lease.writer_id == actor.pk:
        return {"says": "", "lapsed": False, "left": 0}
    said = _("{who} writes here") if lease.is_live else _("{who} left this section unfinished")
    left = (lease.until - timezone.now()).total_seconds()
    return {
        "says": said.format(who=lease.writer.name),
        "lapsed": not lease.is_live,
        "left": max(left, 0),
    }


def statements_panel(actor: User, case: Case) -> dict[str, Any] | None:
    """
    For those who sit in a joint consult, until it is signed: the chair reads what each expert
    says, an expert says it, over the conclusion as it stands.
    """
    seat = find_seat(actor, case)
    if seat is None or case.status != Status.IN_PROGRESS:
        return None
    chairs = seat.role == Offer.Role.LEAD
    said = {one.expert_id: one for one in case.statements.select_related("expert")}
    seats = case.offers.filter(role=Offer.Role.EXPERT, status=Offer.Status.ACCEPTED)
    draft = None if chairs else Draft.objects.filter(case=case).first()
    mine = said.get(actor.pk)
    return {
        "case": case,
        "chairs": chairs,
        "experts": [
            {
                "name": one.doctor.name,
                "specialty": one.get_specialty_display(),
                "statement": said.get(one.doctor_id),
                "shows": chairs or one.doctor_id == actor.pk,
            }
            for one in seats.select_related("doctor").order_by("pk")
        ],
        "waiting": len(unsettled_experts(case)),
        "draft": draft,
        "mine": mine if mine and mine.view in ExpertView.SAID else None,
        "views": [(view.value, view.label) for view in ExpertView.SAID],
        "least": DISSENT,
        "limit": LIMITS["statement"],
        "tries": tries_left(actor),
    }


def opinion_panel(actor: User, case: Case) -> dict[str, Any] | None:
    """The newest signed version for whoever may read it, and the act of amending."""
    if not case.opinion_version or not may_read(actor, case):
        return None
    opinions = opinions_of(actor, case)[:1]
    may_amend = (
        permissions.is_holder(actor, case)
        and case.opinion_stands
        and find_draft(actor, case) is None
    )
    return {
        "case": case,
        "opinions": [signed(opinion) for opinion in opinions],
        "newest": opinions[0].version,
        "may_amend": may_amend,
        "stands": case.opinion_stands,
    }


def earlier_panel(actor: User, case: Case) -> dict[str, Any] | None:
    """The versions before the newest one: they stay visible, below what is to be done."""
    if case.opinion_version < FIRST_AMENDED or not may_read(actor, case):
        return None
    newest, *earlier = opinions_of(actor, case)
    return {
        "case": case,
        "opinions": [signed(opinion) for opinion in earlier],
        "newest": newest.version,
        "may_amend": False,
        "stands": case.opinion_stands,
    }


def withdrawal_panel(actor: User, case: Case) -> dict[str, Any] | None:
    """For the two who may withdraw it together: ask, or answer what the other asked."""
    if not case.opinion_stands or case.status not in AMENDABLE:
        return None
    opinion = newest_opinion(case)
    if opinion is None or not may_withdraw(actor, case, opinion):
        return None
    asked = open_correction(opinion, Correction.Kind.WITHDRAWAL)
    return {
        "case": case,
        "opinion": opinion,
        "asked": asked,
        "mine": asked is not None and asked.asked_by_id == actor.pk,
        "amendment": open_correction(opinion, Correction.Kind.AMENDMENT),
        "is_office": permissions.is_office(actor, case),
        "least": WITHDRAWAL_REASON,
    }


def signed(opinion: Opinion) -> dict[str, Any]:
    """One version as a block: the text, and who signed as it was sealed, not as it is today."""
    return {
        "opinion": opinion,
        "figures": of_opinion(sealing.facts_of(opinion).get("figures", [])),
        "withdrawn": opinion.withdrawal,
        **signer(opinion),
        "experts": stated(opinion),
        "intact": sealing.is_intact(opinion),
        "demonstration": is_demonstration(opinion),
    }


def stated(opinion: Opinion) -> list[dict[str, Any]]:
    """What the experts of a joint consult said, as it was sealed; nothing for any other."""
    views, titles = ExpertView.View, Practitioner.Title
    return [
        {
            "name": one["name"],
            "title": titles(one["title"]).label if one["title"] in titles.values else "",
            "specialty": Specialty(one["specialty"]).label,
            "view": views(one["view"]).label,
            "dissents": one["view"] == views.DISSENT,
            "text": one["text"],
            "at": datetime.fromisoformat(one["stated_at"]) if one["stated_at"] else None,
        }
        for one in sealing.facts_of(opinion).get("statements", [])
    ]


def signer(opinion: Opinion) -> dict[str, Any]:
    """Name, title and stamp of who signed, and the check code in two halves."""
    facts = sealing.facts_of(opinion)
    name, title = str(facts.get("author_name", "")), str(facts.get("author_title", ""))
    known = title in Practitioner.Title.values
    return {
        "name": name,
        "title": Practitioner.Title(title).label if known else "",
        "stamp": (name + STAMP * 4)[:4],
        "code": f"{opinion.check_code[:5]}-{opinion.check_code[5:]}",
    }


STATEMENTS = Panel(template="opinions/_statements.html", context=statements_panel)
DRAFT = Panel(template="opinions/_draft.html", context=draft_panel)
WITHDRAWAL = Panel(template="opinions/_withdrawal.html", context=withdrawal_panel)
OPINIONS = Panel(template="opinions/_opinion.html", context=opinion_panel)
EARLIER = Panel(template="opinions/_opinion.html", context=earlier_panel, below=True)
