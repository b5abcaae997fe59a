"""Closed cases that are like the one in hand, without anybody's name."""

import re
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from consult.opinions import rules
from consult.opinions.models import Opinion
from consult.opinions.queries import comparable_cases, opinions_in
from consult.opinions.services.drafting import AMENDABLE, case_of_holder
from consult.opinions.similarity import most_like
from consult.requests.models import HELD, Case
from telemed.audit import services as audit
from telemed.core import policies
from telemed.core.errors import Conflict, Forbidden
from telemed.core.intentions import require_intention
from telemed.people.models import User

SHOWN = 5
DECADE, OLDEST = 10, 90
FIGURES = re.compile(r"\d(?:[\d\s-]{4,}\d)[\dXx]?")  # numbers of people, phones and papers
HIDDEN = "＊＊"
CONCLUSION = 300  # characters


@dataclass(frozen=True)
class Similar:
    """What may be seen of somebody else's case: nothing that says whose it is."""

    age: str
    sex: str
    question: str
    conclusion: str
    percent: int
    words: tuple[str, ...]


def find_similar(*, actor: User, case_id: UUID) -> list[Similar]:
    """
    For the doctor who writes the opinion: closed cases of the same hospital and specialty.

    Opening it is traced with the case in hand.
    """
    require_intention()
    case = case_of_holder(actor, case_id)
    if case.status not in (*HELD, *AMENDABLE):
        raise Conflict(_("This consult can't be answered any more."), path="status")
    if not policies.value(rules.SIMILAR, case.asked_id):
        raise Forbidden(_("Your hospital does not show similar cases."))
    audit.record(action="opinion.similar", target=case, patient_id=case.patient_id)
    rows = comparable_cases(case)
    likes = most_like(_text(case.reason, case.aim, case.summary), map(_joined, rows), limit=SHOWN)
    opinions = opinions_in([rows[like.place][0] for like in likes])
    return [
        _without_names(opinions[rows[like.place][0]], round(100 * like.score), like.words)
        for like in likes
        if rows[like.place][0] in opinions
    ]


def _joined(row: tuple[UUID, str, str, str]) -> str:
    return _text(*row[1:])


def _text(reason: str, aim: str, summary: str) -> str:
    return f"{reason}\n{aim}\n{summary}"


def _without_names(opinion: Opinion, percent: int, words: tuple[str, ...]) -> Similar:
    case = opinion.case
    return Similar(
        age=_decade(case, opinion),
        sex=str(case.patient.get_sex_display()),
        question=_scrubbed(case.reason, case),
        conclusion=_scrubbed(opinion.conclusion, case)[:CONCLUSION],
        percent=percent,
        words=words,
    )


def _decade(case: Case, opinion: Opinion) -> str:
    born = case.patient.birth_date
    if born is None:
        return _("age not known")
    begins = (opinion.signed_at.year - born.year) // DECADE * DECADE
    if begins >= OLDEST:
        return _("{n} or older").format(n=OLDEST)
    return _("{n} to {m}").format(n=begins, m=begins + DECADE - 1)


def _scrubbed(text: str, case: Case) -> str:
    """Names that we know, and whatever looks like a number of somebody."""
    people = [case.patient.name, case.requester.name, case.asking.name, case.addressee.name]
    for name in filter(None, people):
        text = text.replace(name, HIDDEN)
    return FIGURES.sub(HIDDEN, text)
