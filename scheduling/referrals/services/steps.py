"""One way to write down a step: the row, its audit, what the world reads, and the screens."""

from typing import Any

from django.db import connection
from django.utils import timezone

from scheduling.referrals.models import AfterCare, Referral, Stay, Step
from telemed.audit import services as audit
from telemed.core import moments, publication
from telemed.core.intentions import require_intention
from telemed.notifications.services import ring_inbox
from telemed.people.models import User
from telemed.rota.reaching import coordinators_of

NEXT = """
    INSERT INTO referrals_daynumber (day, given) VALUES (%s, 1)
    ON CONFLICT (day) DO UPDATE SET given = referrals_daynumber.given + 1 RETURNING given
"""


def take_step(
    *,
    referral: Referral,
    action: str,
    before: str | None = None,
    publish: bool = True,
    by_system: bool = False,
    **facts: Any,
) -> Step:
    """
    Record what was just done to a referral (already saved); `before` is its former status.

    With `by_system` nobody decided it: it followed by rule from what the person did.
    """
    actor = require_intention().actor
    person = actor if isinstance(actor, User) and not by_system else None
    step = Step.objects.create(
        referral=referral,
        action=action,
        from_status=referral.status if before is None else before,
        to_status=referral.status,
        actor=person,
        organisation_id=None if by_system else actor.organisation_id,
        at=moments.now(),
        facts=facts,
    )
    audit.record(action=action, target=referral, patient_id=referral.patient_id)
    if publish:
        publication.publish(referral)
        for one in referral.rounds.select_related("referral__patient", "organisation"):
            publication.publish(one)
        _publish_faces(referral)
    _ring(referral, actor.actor_id)
    return step


def publish_after_care(referral: Referral) -> None:
    """Its items change without a step of the referral."""
    require_intention()
    if referral.written_at and referral.planned:
        publication.publish(AfterCare.objects.get_or_create(referral=referral)[0])


def _publish_faces(referral: Referral) -> None:
    """The time at the hospital from the arrival on, the plan from the hand-back on."""
    if referral.arrived_at:
        publication.publish(Stay.objects.get_or_create(referral=referral)[0])
    publish_after_care(referral)


def next_number() -> str:
    """The next of the day; whoever asks after us waits until our intention ends."""
    require_intention()
    today = timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [today])
        (given,) = cursor.fetchone()
    return f"R{today:%y%m%d}-{given:04d}"


def _ring(referral: Referral, actor_id: str) -> None:
    """The open pages of the others look again; who is told something hears it besides."""
    people = {referral.keeper.pk}
    if referral.doctor_id:
        people.add(referral.doctor_id)
    people |= set(coordinators_of(referral.organisation).values_list("pk", flat=True))
    for person in people:
        if actor_id != f"user:{person}":
            ring_inbox(person)
