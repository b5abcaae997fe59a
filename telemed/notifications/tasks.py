"""Background doors: what is on its way goes out, with no transaction open."""

import logging
import time
from itertools import takewhile
from uuid import UUID

from celery import shared_task

from telemed.core.intentions import System, intention
from telemed.notifications import gateways, queries, services

logger = logging.getLogger(__name__)
COURIER = System("courier")
PATIENCE = 30  # seconds; past its time limit a task ends its worker, and the next finds the rest


@shared_task(soft_time_limit=50, time_limit=60)
def deliver_task() -> int:
    """Send what is due. Rung for by each message, and by beat in case the bell was lost."""
    with intention(COURIER, door="worker"):
        due = queries.due_deliveries()
    until = time.monotonic() + PATIENCE
    in_time = takewhile(lambda _delivery_id: time.monotonic() < until, due)
    return sum(deliver(delivery_id) for delivery_id in in_time)


def deliver(delivery_id: UUID) -> bool:
    """One message: claim it, send it, mark it. What the middle leaves undone is claimed again."""
    with intention(COURIER, door="worker"):
        outgoing = services.claim(delivery_id=delivery_id)
    if outgoing is None:
        return False
    try:
        receipt = gateways.send(outgoing)
    except gateways.Refused as error:
        with intention(COURIER, door="worker"):
            services.give_up(delivery_id=delivery_id, error=str(error))
        return False
    except gateways.Down as error:
        with intention(COURIER, door="worker"):
            services.retry_later(delivery_id=delivery_id, error=str(error))
        return False
    except Exception:
        logger.exception("Message %s was not sent", delivery_id)  # its claim runs out
        return False
    with intention(COURIER, door="worker"):
        services.mark_sent(delivery_id=delivery_id, receipt=receipt)
    return True


@shared_task(soft_time_limit=50, time_limit=60)
def tidy_deliveries_task() -> int:
    """Hourly: what never got a receipt goes another way, and old codes are forgotten."""
    with intention(COURIER, door="beat"):
        services.forget_codes()
        return services.give_up_silent()
