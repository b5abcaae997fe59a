"""What the page of a case and the room show of the opinion: `panel` in the two templates."""

from typing import Any

from consult.keyimages.panels import of_opinion
from consult.keyimages.queries import key_images_of
from consult.opinions import phrasing, rules, sealing
from consult.opinions.models import LIMITS, Correction, Draft, Opinion
from consult.opinions.queries import (
    asks_duty_reason,
    find_draft,
    is_demonstration,
    may_read,
    newest_opinion,
    open_correction,
    opinions_of,
    phrases_of,
)
from consult.opinions.services.drafting import AMENDABLE
from consult.opinions.services.withdrawing import WITHDRAWAL_REASON, may_withdraw
from consult.requests import permissions
from consult.requests.models import HELD, Case
from consult.requests.panels import Panel
from telemed.core import policies
from telemed.core.ids import new_id
from telemed.people.models import Practitioner, User
from telemed.people.queries import tries_left

FIRST_AMENDED = 2  # the version from which on there are earlier ones
STAMP = "印"  # a seal has four characters: the name, filled up with this


def draft_panel(actor: User, case: Case) -> dict[str, Any] | None:
    """For the holder while a text may be written; nobody else learns that there is one."""
    if not permissions.is_holder(actor, case) or case.status not in (*HELD, *AMENDABLE):
        return None
    draft = find_draft(actor, case)
    if draft is None and case.status not in HELD and not case.is_withdrawn:
        return None
    return {
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
        "key": new_id().hex,
        "limits": LIMITS,
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
        "intact": sealing.is_intact(opinion),
        "demonstration": is_demonstration(opinion),
    }


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


DRAFT = Panel(template="opinions/_draft.html", context=draft_panel)
WITHDRAWAL = Panel(template="opinions/_withdrawal.html", context=withdrawal_panel)
OPINIONS = Panel(template="opinions/_opinion.html", context=opinion_panel)
EARLIER = Panel(template="opinions/_opinion.html", context=earlier_panel, below=True)
