"""How times are said."""

from django.utils import timezone
from django.utils.formats import date_format

from scheduling.availability.models import Period


def hours(period: Period) -> str:
    """The day and the half hour, as they are printed on the ticket."""
    begin, end = timezone.localtime(period.starts_at), timezone.localtime(period.ends_at)
    return f"{date_format(begin, 'MONTH_DAY_FORMAT')} {begin:%H:%M}–{end:%H:%M}"
