"""Reads that need a name."""

from django.utils.translation import gettext as _

from telemed.demo.models import PROVINCE, FillProgress
from telemed.organisations.progress import Progress


def find_progress() -> Progress | None:
    """How far the fill is; None when it is done, or was never begun."""
    row = FillProgress.objects.filter(pk=PROVINCE, finished_at=None).first()
    return Progress(_("Filling the demonstration province"), row.done, row.total) if row else None
