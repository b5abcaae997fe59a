"""The pages of the first journey and the lists, and how one gets to each without a browser."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.journey import Journey
from tests.visitors import Visitor

ROLES = {  # the demonstration account of each
    "": "",
    "township doctor": "township",
    "specialist": "specialist",
    "coordinator": "coordinator",
    "administrator": "admin",
    "official": "official",
    "resident": "resident",
}


@dataclass(frozen=True)
class Page:
    """One address as one role sees it. A list is measured at two lengths."""

    name: str
    role: str
    path: str
    is_list: bool = False


def lists() -> list[Page]:
    """Everything that grows with the province, the doctor's years or the resident's."""
    rows = [
        ("home", "township doctor", "/"),
        ("home", "specialist", "/"),
        ("home", "coordinator", "/"),
        ("home", "administrator", "/"),
        ("home", "official", "/"),
        ("home", "resident", "/"),
        ("patients", "township doctor", "/patients/"),
        ("patients found", "township doctor", "/patients/?q=a"),
        ("cases", "township doctor", "/cases/"),
        ("cases", "specialist", "/cases/"),
        ("cases", "coordinator", "/cases/"),
        ("closed cases", "township doctor", "/cases/?status=closed"),
        ("inbox", "township doctor", "/inbox/"),
        ("inbox", "specialist", "/inbox/"),
        ("inbox", "resident", "/inbox/"),
        ("my consults", "resident", "/my/cases/"),
        ("who looked", "resident", "/my/who-looked/"),
        ("institutions", "administrator", "/organisations/"),
        ("institutions found", "administrator", "/organisations/?q=卫生院"),
        ("rules", "administrator", "/organisations/policies/"),
        ("figures", "official", "/oversight/"),
    ]
    return [Page(name, role, path, is_list=True) for name, role, path in rows]


def journey_pages(places: dict[str, str]) -> list[Page]:
    """`places` are the addresses that only a played journey has."""
    rows = [
        ("sign-in", "", "/accounts/login/"),
        ("check a paper", "", "/check/"),
        ("register", "township doctor", "/patients/new/"),
        ("patient", "township doctor", places["patient"]),
        ("results", "township doctor", places["patient"] + "results/"),
        ("time line", "township doctor", places["patient"] + "timeline/"),
        ("why", "township doctor", places["patient"] + "why/"),
        ("images", "township doctor", places["images"]),
        ("viewer", "township doctor", places["study"]),
        ("request", "township doctor", places["draft"]),
        ("emergency", "township doctor", "/cases/emergency/"),
        ("case, waiting", "township doctor", places["waiting"]),
        ("case, offered", "specialist", places["waiting"]),
        ("case, to assign", "coordinator", places["waiting"]),
        ("room", "township doctor", places["room"]),
        ("room", "specialist", places["room"]),
        ("draft", "specialist", places["opinion draft"]),
        ("case, signed", "township doctor", places["signed"]),
        ("case, closed", "specialist", places["closed"]),
        ("paper", "township doctor", places["paper"]),
        ("my consult", "resident", places["my consult"]),
        ("rule", "administrator", places["rule"]),
        ("signing PIN", "specialist", "/accounts/pin/"),
        ("password", "specialist", "/accounts/password/change/"),
        ("sessions", "specialist", "/accounts/sessions/"),
        ("two-step", "specialist", "/accounts/2fa/"),
    ]
    return [Page(name, role, html.unescape(path)) for name, role, path in rows]


def play(people: dict[str, Visitor]) -> dict[str, str]:
    """Journeys that stop at every step; the addresses of where they are."""
    asker, answerer = people["township doctor"], people["specialist"]
    found: dict[str, str] = {}

    def go(patient: str, *steps: str) -> Journey:
        journey = Journey(asker, answerer, patient)
        for step in steps:
            act: Callable[[], object] = getattr(journey, step)
            act()
            if step == "accept":
                journey.enter(answerer)
        return journey

    asked = ("begin", "write", "consent", "send")
    closed = go("wjh", *asked, "accept", "draft", "sign", "decide")
    found["patient"] = f"/patients/{closed.find_patient()}/"
    found["closed"] = f"/cases/{closed.case}/"
    found["paper"] = f"/opinions/{closed.case}/1/"
    found["my consult"] = f"/my/cases/{closed.case}/"
    found["images"] = found["patient"].replace("/patients/", "/images/patients/")
    found["study"] = _first(asker, found["images"], r"/images/studies/[0-9a-f-]{36}/")
    rules = "/organisations/policies/"
    found["rule"] = _first(people["administrator"], rules, rules + r"[a-z_.]+/")
    found["signed"] = f"/cases/{go('zgf', *asked, 'accept', 'draft', 'sign').case}/"
    held = go("zqy", *asked, "accept", "draft").case
    found["room"] = f"/rooms/{held}/"
    found["opinion draft"] = f"/opinions/{held}/draft/"
    found["waiting"] = f"/cases/{go('lxm', *asked).case}/"
    found["draft"] = f"/cases/{go('sxl', 'begin').case}/edit/"
    return found


def _first(who: Visitor, path: str, pattern: str) -> str:
    page = who.get(path)
    match = re.search(pattern, page.text)
    assert match, (path, page.status, page.text[:500])
    return match[0]
