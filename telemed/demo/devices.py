"""Two devices of the story's first clinic, synthetic: one is used, and one stands idle."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

from django.utils import timezone

from telemed.demo.accounts import get_user
from telemed.devices import services as devices
from telemed.devices.models import Device
from telemed.people.models import User

Act = tuple[User, Callable[[], object]]
USED = {
    "kind": Device.Kind.ECG,
    "name": "十二导心电图机",
    "serial": "DEMO-ECG-01",
    "place": "心电图室",
}
IDLE = {
    "kind": Device.Kind.ULTRASOUND,
    "name": "便携式彩超",
    "serial": "DEMO-US-01",
    "place": "超声室",
}
SINCE = timedelta(days=400)
UNUSED = timedelta(days=60)  # idle by the default at the end of any last month


def story() -> Iterator[Act]:
    """Whoever keeps them registers them; the door opens the intention."""
    if Device.objects.exists():
        return
    keeper = get_user("clinicadmin")
    yield keeper, partial(_register, keeper)


def _register(keeper: User) -> None:
    """As if they had been there for a year."""
    now = timezone.now()
    for facts, used_at in ((USED, now), (IDLE, now - UNUSED)):
        device = devices.register_device(actor=keeper, **facts)
        Device.objects.filter(pk=device.pk).update(created_at=now - SINCE)
        devices.note_use(
            organisation_id=device.organisation_id, serials=[device.serial], at=used_at
        )
