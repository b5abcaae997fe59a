"""What time it is: the database's, whatever the machine that asks believes."""

import logging
from datetime import datetime, timedelta

from django.utils import timezone

logger = logging.getLogger(__name__)

AGREES = timedelta(seconds=2)  # less than that is the way there and back
_off = timedelta()  # how far the database is ahead of this machine


def now() -> datetime:
    """For what several machines compare: due times, leases, the order of steps."""
    return timezone.now() + _off


def compare(there: datetime) -> None:
    """Each intention hears what time it is at the database."""
    global _off
    off = there - timezone.now()
    off = off if abs(off) > AGREES else timedelta()
    if abs(off - _off) > AGREES:
        logger.warning(
            "The clock of this machine is %.0f s off the database's", off.total_seconds()
        )
    _off = off
