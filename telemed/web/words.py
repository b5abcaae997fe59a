"""How ages, times and identifiers are said to people. Pure; in the active language."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

INFANT = timedelta(days=28)
MONTHS_UNTIL = 24  # months of age; from then on years
COUNTED = timedelta(minutes=10)  # below it a clock shows minutes and seconds
RELATIVE = timedelta(hours=3)  # below it a clock shows what is left, above it the time of day


def sex(code: str) -> str:
    """男, 女; empty where it is not known."""
    return {"male": _("M"), "female": _("F")}.get(code, "")


def age(born: date | None, on: date | None = None) -> str:
    """Years; months under 2 years, days under 28 days; empty where the birth date is unknown."""
    day = on or timezone.localdate()
    if born is None or born > day:
        return ""
    if day - born < INFANT:
        days = (day - born).days
        return ngettext("{} day", "{} days", days).format(days)
    months = (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)
    if months < MONTHS_UNTIL:
        return ngettext("{} month", "{} months", months).format(months)
    years = months // 12
    return _("{} y").format(years)


def sex_age(code: str, born: date | None, on: date | None = None) -> str:
    """男 54岁"""
    return " ".join(filter(None, [sex(code), age(born, on)]))


def masked(identifier: str) -> str:
    """5299********0426: enough to recognise, not enough to use."""
    if len(identifier) < 9:
        return "*" * max(len(identifier) - 1, 0) + identifier[-1:]
    return f"{identifier[:4]}{'*' * 8}{identifier[-4:]}"


# In this order: Edge and the browsers of phones call themselves Chrome, and Chrome Safari.
BROWSERS = {
    "MicroMessenger": gettext_noop("WeChat"),
    "Edg": "Edge",
    "QQBrowser": "QQ",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "HarmonyOS": "HarmonyOS",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "Mac",
    "Linux": "Linux",
}


def browser(user_agent: str) -> str:
    """Chrome, Windows: what an account holder recognises a device by."""
    found = [
        next((name for mark, name in names.items() if mark in user_agent), "")
        for names in (BROWSERS, SYSTEMS)
    ]
    return _(", ").join(_(name) for name in found if name) or _("Unknown browser")


def day(value: date) -> str:
    """今天, 明天, 昨天, 11月24日 周二; with the year when it is another one."""
    today = timezone.localdate()
    near = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}.get((value - today).days)
    return near or calendar_day(value)


# Django's own Chinese says 星期三 even for the short form; ours says 周三.
WEEKDAYS = [
    gettext_noop("Mon"),
    gettext_noop("Tue"),
    gettext_noop("Wed"),
    gettext_noop("Thu"),
    gettext_noop("Fri"),
    gettext_noop("Sat"),
    gettext_noop("Sun"),
]


def calendar_day(value: date) -> str:
    """11月24日 周二; with the year when it is another one. Never "today"."""
    # Translators: a date format of Django; 11月24日 is "n月j日".
    pattern = _("j M") if value.year == timezone.localdate().year else _("j M Y")
    # Translators: 11月24日 周二 is "{day} {weekday}".
    return _("{weekday} {day}").format(
        weekday=_(WEEKDAYS[value.weekday()]), day=date_format(value, pattern)
    )


def moment(value: datetime) -> str:
    """今天 17:30; 11月24日 周二 17:30."""
    local = timezone.localtime(value)
    return f"{day(local.date())} {local:%H:%M}"


def deadline(value: datetime) -> str:
    """A sentence with {} for the time of day: 今天 {} 前."""
    local = timezone.localtime(value)
    away = (local.date() - timezone.localdate()).days
    if away == 0:
        return _("by {} today")
    if away == 1:
        return _("by {} tomorrow")
    return _("by {}").format(f"{day(local.date())} {{}}")


def span(value: timedelta) -> str:
    """1 时 20 分; 2 分 41 秒 under ten minutes; 3 天 4 时 from two days on."""
    seconds = max(int(value.total_seconds()), 0)
    if seconds < 60:
        return _("{} s").format(seconds)
    if value < COUNTED:
        minutes, rest = divmod(seconds, 60)
        return _("{} min {} s").format(minutes, rest) if rest else _("{} min").format(minutes)
    hours, minutes = divmod(seconds // 60, 60)
    if hours >= 48:
        return _("{} d {} h").format(*divmod(hours, 24))
    if not hours:
        return _("{} min").format(minutes)
    return _("{} h {} min").format(hours, minutes) if minutes else _("{} h").format(hours)


def figures(value: timedelta) -> str:
    """03:12 under ten minutes, otherwise a span."""
    if value >= COUNTED:
        return span(value)
    minutes, seconds = divmod(max(int(value.total_seconds()), 0), 60)
    return f"{minutes:02d}:{seconds:02d}"
