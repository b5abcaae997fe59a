"""The parts of a page: icons, grades, clocks, presence, line quality, people, times."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from telemed.organisations.models import Specialty
from telemed.web import demo_accounts, words

register = template.Library()

RING = 56.5  # the circumference of the ring of a clock, r = 9


@register.simple_tag
def specialty(value: str) -> str:
    """{% specialty "cardiology" %}: what it is called; the word itself where it is none of ours."""
    return str(Specialty(value).label) if value in Specialty.values else value


@register.simple_tag
def icon(name: str, kind: str = "") -> SafeString:
    """{% icon "bell" %}: a drawing of icons.svg, hidden from screen readers; a word stands by."""
    return format_html(
        '<svg class="i{}" aria-hidden="true"><use href="{}#i-{}"></use></svg>',
        f" i--{kind}" if kind else "",
        static("web/icons.svg"),
        name,
    )


def _grades() -> dict[str, tuple[str, str, str]]:
    urgent = ("g--u", pgettext("grade", "P"), _("Priority"))
    routine = ("", pgettext("grade", "R"), _("Routine"))
    return {
        "emergency": ("g--e", pgettext("grade", "E"), _("Emergency consult")),
        "critical": ("g--e", pgettext("grade", "C"), _("Critical value")),
        "green": ("g--e", pgettext("grade", "G"), _("Green channel")),
        "urgent": urgent,
        "priority": urgent,
        "info": ("", pgettext("grade", "i"), _("For your information")),
        "routine": routine,
    }


@register.simple_tag
def grade(kind: str) -> SafeString:
    """{% grade case.kind %}: one letter in a square. What is no grade of its own is routine."""
    grades = _grades()
    style, letter, title = grades.get(str(kind), grades["routine"])
    return format_html(
        '<span class="g {}" title="{}"><span aria-hidden="true">{}</span>'
        '<span class="vh">{}</span></span>',
        style,
        title,
        letter,
        title,
    )


@register.simple_tag
def clock(
    due: datetime | None,
    start: datetime | None = None,
    urgent: bool = False,
    paused: str = "",
    large: bool = False,
) -> SafeString:
    """
    {% clock due_at started_at urgent=True %}: the deadline, which the script turns into time left.

    `start` gives the ring its share and decides when it is soon; urgent ones are amber from the
    start and red under half. {% clock None paused=_("waiting for details") %} says why it stands.
    """
    size = " clk--l" if large else ""
    if due is None:
        return _clock(f"clk--stop{size}", 34, format_html("<b>{}</b>", paused or _("no limit")))
    left = due - timezone.now()
    share = left / (due - start) if start and due > start else 1.0
    if left <= timedelta():
        text = _bold(_("{} over"), words.span(-left))
    else:
        text = _bold(words.deadline(due), f"{timezone.localtime(due):%H:%M}")
    return _clock(
        f"{_hurry(left, share, urgent)}{size}",
        RING if left <= timedelta() else max(min(share, 1), 0) * RING,
        text,
        format_html(
            ' data-due="{}"{}{} title="{}"',
            due.isoformat(),
            format_html(' data-start="{}"', start.isoformat()) if start else "",
            " data-urgent" if urgent else "",
            words.moment(due),
        ),
    )


@register.simple_tag
def clock_met(used: timedelta, limit: timedelta | None = None) -> SafeString:
    """{% clock_met used limit %}: 用 2 分 41 秒 限 5 分; amber when it took longer."""
    late = limit is not None and used > limit
    text = _bold(_("took {}"), words.span(used))
    if limit is not None:
        text = format_html("{} {}", text, _("of {}").format(words.span(limit)))
    return _clock("clk--soon" if late else "clk--met", RING, text)


def _hurry(left: timedelta, share: float, urgent: bool) -> str:
    """Amber in the last quarter; red once past due; urgent clocks one step earlier."""
    if left <= timedelta() or (urgent and share < 0.5):
        return "clk--late"
    return "clk--soon" if urgent or share < 0.25 else ""


def _clock(style: str, arc: float, text: str, data: str = "") -> SafeString:
    return format_html(
        '<span class="clk {}"{}><svg viewBox="0 0 24 24" aria-hidden="true">'
        '<circle cx="12" cy="12" r="9"></circle>'
        '<circle cx="12" cy="12" r="9" stroke-dasharray="{} 99"></circle></svg>'
        "<span>{}</span></span>",
        style,
        data,
        round(arc),
        text,
    )


def _bold(sentence: str, figure: str) -> SafeString:
    before, _mark, after = sentence.partition("{}")
    return format_html("{}<b>{}</b>{}", before, figure, after)


def _presences() -> dict[str, tuple[str, str]]:
    return {
        "desk": ("dot--on", _("at desk")),
        "room": ("dot--busy", _("in a room")),
        "phone": ("dot--call", _("phone only")),
        "away": ("dot--", _("away")),
    }


@register.simple_tag
def presence(state: str, text: str = "") -> SafeString:
    """{% presence "desk" %}: a shape and a word. desk, room, phone, away; `text` says more."""
    presences = _presences()
    style, word = presences.get(state, presences["away"])
    return format_html(
        '<span class="lq"><i class="dot {}" aria-hidden="true"></i>{}</span>', style, text or word
    )


def _lines() -> list[tuple[str, str]]:
    return [
        ("lq--1", _("text only")),
        ("lq--1", _("voice only")),
        ("lq--2", _("images and voice")),
        ("lq--3", _("video works")),
        ("lq--3", _("video is good")),
    ]


@register.simple_tag
def line(level: int, rate: str = "") -> SafeString:
    """{% line 2 "0.6 Mb/s" %}: bars 0 to 4, and what works in words."""
    style, word = _lines()[level]
    bars = format_html_join(
        "",
        '<rect class="{}" x="{}" y="{}" width="4" height="{}"></rect>',
        (("f" if n < level else "", n * 6, 12 - 4 * n, 4 + 4 * n) for n in range(4)),
    )
    figure = format_html(' <i class="sep"></i> {}', rate) if rate else ""
    return format_html(
        '<span class="lq {}"><svg viewBox="0 0 22 16" aria-hidden="true">{}</svg>{}{}</span>',
        style,
        bars,
        word,
        figure,
    )


@register.simple_tag
def face(name: str) -> SafeString:
    """The first character of a name in a circle."""
    return format_html('<span class="av" aria-hidden="true">{}</span>', name[:1])


@register.simple_tag
def bar(value: float, total: float = 100, mark: float | None = None, kind: str = "") -> SafeString:
    """{% bar 9 11 mark=8 %}: a share as a bar; `kind` r, a or gn colours it; `mark` is a target."""
    share = min(max(value / total, 0), 1) * 100 if total else 0
    target = ""
    if mark is not None and total:
        target = format_html(
            '<rect class="mk" x="{}%" width="2" height="8"></rect>', round(mark / total * 100)
        )
    return format_html(
        '<svg class="bar" aria-hidden="true"><rect class="bg" width="100%" height="8"></rect>'
        '<rect class="f{}" width="{}%" height="8"></rect>{}</svg>',
        kind or "g",
        round(share),
        target,
    )


@register.inclusion_tag("web/parts/field.html")
def field_box(field: BoundField, source: str = "", hint: bool = True) -> dict[str, Any]:
    """{% field_box form.reason source=_("from the record") %}: label, source, control, errors."""
    attributes: dict[str, str | bool] = {"class": "in"}
    if field.errors:
        attributes["aria-describedby"] = f"{field.auto_id}_error"
    if field.field.widget.attrs.get("placeholder") == field.label:
        attributes["placeholder"] = ""  # a placeholder that repeats the label says nothing
    control = field.as_widget(attrs=attributes)
    return {"field": field, "control": control, "source": source, "hint": hint}


@register.simple_tag(takes_context=True)
def typed(context: template.Context, views: str, name: str, default: Any = "") -> Any:
    """{% typed "requests:send" "reason" case.reason %}: what a refused form held, else default."""
    refusal = context.get("refusal")
    return refusal.value(name, default) if refusal and refusal.of(views) else default


@register.simple_tag(takes_context=True)
def typed_nth(context: template.Context, views: str, name: str, n: int) -> str:
    """{% typed_nth "referrals:hand_back" "what" 0 %}: the same of a field that stands in rows."""
    refusal = context.get("refusal")
    held = refusal.typed.get(name, []) if refusal and refusal.of(views) else []
    return held[n] if n < len(held) else ""


@register.simple_tag(takes_context=True)
def refused(context: template.Context, views: str, name: str = "") -> str:
    """{% refused "requests:send" "reason" as wrong %}: why, where it was this form (and field)."""
    refusal = context.get("refusal")
    if not refusal or not refusal.of(views) or (name and refusal.path != name):
        return ""
    return refusal.text


@register.simple_tag
def colon() -> str:
    """Between a label and what it says: full-width in Chinese."""
    mark = pgettext("after a label", ":")
    return f"{mark} " if mark == ":" else mark


@register.filter
def browser(user_agent: str) -> str:
    """{{ session.user_agent|browser }}: Chrome, Windows"""
    return words.browser(user_agent)


@register.filter
def sex_age(person: Any) -> str:
    """男 54岁, of anything with `sex` and `birth_date`."""
    return words.sex_age(person.sex, person.birth_date)


@register.filter
def age(born: date | None) -> str:
    return words.age(born)


@register.filter
def masked(identifier: str) -> str:
    return words.masked(identifier or "")


@register.filter
def day(value: date | None) -> str:
    """今天, 11月24日 周二; of a moment, its day in China."""
    on = timezone.localdate(value) if isinstance(value, datetime) else value
    return words.day(on) if on else ""


@register.filter
def calendar_day(value: date) -> str:
    """11月24日 周二, never "today", for what is printed or shown; of a moment, in China."""
    return words.calendar_day(timezone.localdate(value) if isinstance(value, datetime) else value)


@register.filter
def listed(parts: Iterable[object]) -> str:
    """检验、心电图: an enumeration as the language writes it."""
    return _(", ").join(str(part) for part in parts)


@register.simple_tag
def today() -> SafeString:
    """11月24日 周二, in China, in a <time>."""
    value = timezone.localdate()
    return format_html(
        '<time datetime="{}">{}</time>', value.isoformat(), words.calendar_day(value)
    )


@register.simple_tag
def moment(value: datetime | None) -> SafeString | str:
    """{% moment case.sent_at %}: 今天 17:30, in a <time>."""
    if value is None:
        return ""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), words.moment(value))


@register.filter
def span(value: timedelta | None) -> str:
    """1 时 20 分"""
    return words.span(value) if value is not None else ""


@register.simple_tag
def shell_words() -> dict[str, Any]:
    """What shell.js says. {} is the figure."""
    return {
        "left": _("{} left"),
        "over": _("{} over"),
        "s": _("{} s"),
        "m": _("{} min"),
        "ms": _("{} min {} s"),
        "h": _("{} h"),
        "hm": _("{} h {} min"),
        "dh": _("{} d {} h"),
        "undo": _("Undo"),
        "close": _("Close"),
        "line": [word for _style, word in _lines()],
        "offline": _("no network"),
        "unread": _("Messages: {} unread"),
    }


@register.simple_tag
def demo_offer() -> demo_accounts.Offer | None:
    """{% demo_offer as demo %}: the accounts to try, in demo mode only."""
    return demo_accounts.offered()
