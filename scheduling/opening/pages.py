"""What the waiting page says of a place in a line."""

import secrets
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.template.loader import get_template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from scheduling.opening import looks
from scheduling.opening.line import Place
from scheduling.opening.signed import Pass
from telemed.web.preferences import COOKIES, Preferences

OLD = 15  # seconds; older counts say so loudly
SOON, LATE = 3, 20  # seconds between two looks, at least and at most
CROWDED = {"waiting", "line", "turn"}
MOST_LAID = 200
# Marks in a page that was laid out for all; nothing that people read looks like them.
SIZE, NUMBER, AHEAD, REFRESH = (990_171_000 + n for n in range(4))
CLOCK, WHO, LOT = "\ue000clock\ue001", "\ue000who\ue001", "\ue000lot\ue001"
_laid: dict[Hashable, str] = {}
LAST = {"none", "over", "cookies"}  # nothing changes any more by waiting


@dataclass(frozen=True)
class State:
    """The page's own words for a Place."""

    kind: str
    place: Place = field(default_factory=lambda: Place(kind="none"))
    who: str = ""
    refresh: int = 0  # seconds until the next look; nought: never by itself
    rows: list[dict[str, Any]] = field(default_factory=list)
    age: int = 0
    sold_out: bool = False
    moved: bool = False
    minutes: int = 1

    @property
    def opens(self) -> datetime:
        return _moment(self.place.opens)

    @property
    def draws(self) -> datetime:
        return _moment(self.place.draw)

    @property
    def waits(self) -> datetime:
        return _moment(self.place.waits)

    @property
    def seconds(self) -> int:
        """What the page counts down."""
        place = self.place
        until = {"early": place.waits - place.now, "waiting": place.draw - place.now}
        return max(0, round(until.get(self.kind, place.left)))

    @property
    def gone(self) -> bool:
        """Whoever stands in the line stands there for nothing."""
        return self.sold_out and self.kind in CROWDED

    @property
    def is_old(self) -> bool:
        return self.age > OLD


def state_of(kind: str) -> State:
    return State(kind, refresh=10 if kind == "away" else 0)


def read(place: Place, who: str) -> State:
    rows = [_row(row) for row in place.places.get("rows", [])]
    left = sum(row["free"] + row["held"] + row["back"] for row in rows)
    return State(
        kind=place.kind,
        place=place,
        who=who,
        refresh=pace(place),
        rows=rows,
        age=max(0, round(place.now - place.places.get("at", place.now))),
        sold_out=bool(rows) and not left and place.now >= place.opens,
        moved=place.kind in ("line", "waiting") and not place.drawn,
        minutes=max(1, round(place.about / 60)),
    )


def pace(place: Place) -> int:
    """
    Seconds until the next look: often where something is about to change, and never all at once.
    """
    if place.kind in LAST:
        return 0
    if place.kind == "waiting":
        until = place.draw - place.now
        return round(min(max(SOON, until + secrets.randbelow(4)), LATE + secrets.randbelow(10)))
    if place.kind == "early":
        return min(max(SOON, round(place.waits - place.now) + secrets.randbelow(5)), 60)
    if place.kind == "line":
        return round(min(max(SOON, place.about / 4), LATE)) + secrets.randbelow(3)
    return LATE


def preferences_of(cookies: dict[str, str], account: Pass | None) -> Preferences:
    """As every page has it: the device's choice, else the account's, which the pass carries."""
    language = cookies.get(COOKIES["language"]) or (account.language if account else "")
    theme = cookies.get(COOKIES["theme"]) or (account.theme if account else "")
    large = cookies.get(COOKIES["large_type"])
    return Preferences(
        language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE,
        theme if theme in {"light", "dark"} else "light",
        large == "1" if large else bool(account and account.large_type),
    )


def render(number: int, chosen: Preferences, state: State) -> bytes:
    """
    What a crowd reads at once is laid out once for all of them; then each gets their own numbers.
    """
    shown = clock(state.seconds)
    if state.kind not in CROWDED:
        return _lay_out(number, chosen, state, shown).encode()
    common, key = _common(number, chosen, state)
    page = _laid.get(key)
    if page is None:
        if len(_laid) >= MOST_LAID:
            _laid.clear()
        page = _laid[key] = _lay_out(number, chosen, common, mark_safe(CLOCK))  # noqa: S308 - ours
    place = state.place
    for mark, own in (
        (CLOCK, shown),
        (str(REFRESH), str(state.refresh)),
        (str(SIZE), str(place.size)),
        (str(NUMBER), str(place.number)),
        (str(AHEAD), str(place.ahead)),
        (WHO, state.who),
        (LOT, place.lot),
    ):
        page = page.replace(mark, own)
    return page.encode()


def _common(number: int, chosen: Preferences, state: State) -> tuple[State, Hashable]:
    """The same page with marks where it is somebody's own, and what else it depends on."""
    place = state.place
    alone, age = place.size == 1, state.age if state.is_old else 0
    marked = replace(
        place,
        size=1 if alone else SIZE,
        number=NUMBER,
        ahead=AHEAD,
        lot=place.lot and LOT,
    )
    common = replace(state, place=marked, who=WHO, refresh=REFRESH, age=age)
    said = (state.kind, state.sold_out, state.minutes, age, alone, place.drawn, bool(place.lot))
    fixed = (place.name, place.phone, place.waits, place.opens, place.draw, place.commit)
    return common, (number, chosen, said, fixed, place.seed, place.counted)


def _lay_out(number: int, chosen: Preferences, state: State, shown: SafeString) -> str:
    page: str = get_template("opening/line.html").render(
        {
            "number": number,
            "state": state,
            "place": state.place,
            "preferences": chosen,
            "title": title_of(state),
            "style": looks.look_of("line.css").path,
            "script": looks.look_of("line.js").path,
            "phone": state.place.phone or settings.ON_CALL_PHONE,
            "clock": shown,
        }
    )
    return page


def title_of(state: State) -> str:
    place = state.place
    if state.gone:
        return _("No places are left")
    return {
        "none": _("No new places are coming out here now"),
        "early": _("It is too early for a ticket"),
        "waiting": _("You have a ticket"),
        "line": _("You are number {number}").format(number=place.number),
        "turn": _("It is your turn"),
        "passed": _("Your turn is over"),
        "used": _("You have booked"),
        "over": _("The line is over"),
        "crowded": _("Too many tickets from this network"),
        "away": _("There is no line just now"),
        "cookies": _("This browser keeps no cookies"),
    }[state.kind]


def clock(seconds: int) -> SafeString:
    """A time that the page counts down; without script it stands still and is right when read."""
    shown = f"{seconds // 60}:{seconds % 60:02}"
    return format_html('<span class="num" data-left="{}">{}</span>', seconds, shown)


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "day": date.fromisoformat(row["day"]), "address": _address(row)}


def _address(row: dict[str, Any]) -> str:
    return f"/booking/departments/{row['department']}/?day={row['day']}"


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, tz=timezone.get_current_timezone())
