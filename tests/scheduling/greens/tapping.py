"""What tests read of a green channel, and how time passes there."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from scheduling.greens import services
from telemed.core import clocks
from telemed.core.models import Clock, ClockState
from telemed.notifications.models import Notification
from tests.factories.referrals import by

MINUTE = timedelta(minutes=1)


def told(user):
    rows = Notification.objects.filter(recipient=user).order_by("pk")
    return list(rows.values_list("template", flat=True))


def running(green):
    rows = Clock.objects.filter(about=green.pk, state=ClockState.RUNNING)
    return set(rows.values_list("kind", flat=True))


def correct(scene, actor, station, at, reason="手表看错了时间"):
    with by(actor):
        services.correct(
            actor=actor, green_id=scene.green.pk, station=station, at=at, reason=reason
        )


def after(minutes):
    """So much later, everything that is due has been done."""
    traveller = time_machine.travel(timezone.now() + minutes * MINUTE, tick=False)
    traveller.start()
    clocks.fire_due()
    return traveller
