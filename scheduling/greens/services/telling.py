"""Who hears of a green channel, and whose pages look again."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from scheduling.greens.models import Green
from scheduling.referrals.models import Referral
from scheduling.referrals.queries import open_rounds
from scheduling.referrals.services.telling import doctors_of, senders_of
from telemed.core.intentions import require_intention
from telemed.notifications.services import notify, ring_inbox, to_phone_list
from telemed.organisations.models import Department
from telemed.people.models import Role, User
from telemed.rota.reaching import coordinators_of, directors_of, people_of


def tell(
    green: Green,
    people: Iterable[User],
    template: str,
    *,
    turn: int = 0,
    by_phone: bool = False,
    **facts: Any,
) -> list[str]:
    """Each of them once, and `by_phone` on the phone list at once; answers their names."""
    actor = require_intention().actor
    referral = green.referral
    said = {
        "no": referral.number,
        "org": referral.sending.name,
        "state": str(green.get_kind_display()),
        "time": f"{timezone.localtime(green.contact_at):%H:%M}",
        **facts,
    }
    told = {one.pk: one for one in people}
    for person in told.values():
        note = notify(
            recipient=person,
            template=template,
            about=green.pk,
            url=f"/green/{green.pk}/",
            turn=turn,
            pressing=True,
            desk=actor.organisation_id or referral.organisation_id,
            **said,
        )
        if by_phone and note:
            to_phone_list(note)
    return [person.name for person in told.values()]


def team_of(department: Department) -> list[User]:
    """Its doctors, and the coordinators, who see to it that one of them comes."""
    return [*doctors_of(department), *coordinators_of(department.organisation)]


def clinic_of(referral: Referral) -> list[User]:
    """Who sends, and the colleagues at the clinic, who may drive along."""
    return [*senders_of(referral), *people_of(referral.sending, Role.TOWNSHIP_DOCTOR)]


def directors_of_both(referral: Referral) -> list[User]:
    """Where a clinic has no director, its coordinator, else who sends."""
    sending = directors_of(referral.sending) or list(coordinators_of(referral.sending))
    return [*directors_of(referral.organisation), *(sending or senders_of(referral))]


def ring(green: Green) -> None:
    """Every open page of both sides looks again."""
    require_intention()
    referral = green.referral
    people = {one.pk for one in clinic_of(referral)}
    for one in open_rounds(referral):
        people |= {person.pk for person in team_of(one.department)}
        people |= {person.pk for person in directors_of(one.organisation)}
        people |= set(people_of(one.organisation, Role.DESK).values_list("pk", flat=True))
    for person in sorted(people):
        ring_inbox(person)
