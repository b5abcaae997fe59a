"""Background doors of the kernel."""

from celery import shared_task

from telemed.core import clocks, idempotency, outbox, pulse
from telemed.core.intentions import System, intention


@shared_task(soft_time_limit=20, time_limit=30)
def relay_outbox_task() -> int:
    """Deliver what waits. Rung for by each announcement, and by beat in case the bell was lost."""
    return outbox.deliver_waiting()


@shared_task(soft_time_limit=50, time_limit=60)
def fire_clocks_task() -> int:
    """Let every clock that is due act."""
    return clocks.fire_due()


@shared_task(soft_time_limit=50, time_limit=60)
def forget_idempotency_keys_task() -> int:
    """Drop the keys that no client may use any more."""
    with intention(System("housekeeping"), door="beat"):
        return idempotency.forget_old()


@shared_task(soft_time_limit=5, time_limit=10)
def show_pulse_task() -> None:
    """A worker that takes what beat sends is alive."""
    pulse.show()
