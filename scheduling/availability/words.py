"""How times are said."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from scheduling.availability.models import Period, Template
from telemed.web.words import WEEKDAYS


def hours(period: Period) -> str:
    """The day and the half hour, as they are printed on the ticket."""
    begin, end = timezone.localtime(period.starts_at), timezone.localtime(period.ends_at)
    return f"{date_format(begin, 'MONTH_DAY_FORMAT')} {begin:%H:%M}–{end:%H:%M}"


def weekday(number: int) -> str:
    """周一; Monday is 1."""
    return _(WEEKDAYS[number - 1])


def weekly(template: Template) -> str:
    """The weekday, the hours and the department."""
    span = f"{template.starts:%H:%M}–{template.ends:%H:%M}"
    return f"{weekday(template.weekday)} {span} {template.department.name}"
