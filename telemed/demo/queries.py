"""Reads that need a name."""

from django.utils.translation import gettext as _

from telemed.demo import past
from telemed.demo.models import PROVINCE, FillProgress, Past
from telemed.organisations.progress import Progress


def find_progress() -> Progress | None:
    """How far the fill is; None when it is done, or was never begun."""
    row = FillProgress.objects.filter(pk=PROVINCE, finished_at=None).first()
    return Progress(_("Filling the demonstration province"), row.done, row.total) if row else None


def find_past() -> Progress | None:
    """How many counties have their synthetic months; None before the first and after the last."""
    done, total = Past.objects.count(), len(past.counties())
    if not 0 < done < total:
        return None
    return Progress(_("Laying synthetic months for the figures"), done, total)
