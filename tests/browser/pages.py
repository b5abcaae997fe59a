"""Every page worth a photograph. A slice adds its own lines."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shot:
    """A page by its address, or by what one clicks there to reach it (CSS selectors, in order)."""

    name: str
    path: str
    role: str | None = None  # signs in as the demonstration account of that role
    clicks: tuple[str, ...] = ()


SHOTS = [
    Shot("sign-in", "/accounts/login/"),
    Shot("looks", "/looks/"),
    Shot("home-township", "/", "township_doctor"),
    Shot("patients", "/patients/?q=wjh", "township_doctor"),
    Shot("patient", "/patients/?q=wjh", "township_doctor", ("main .pt a",)),
    Shot("request", "/patients/?q=wjh", "township_doctor", ("main .pt a", "button[data-key=n]")),
    Shot("emergency", "/cases/emergency/", "township_doctor"),
    Shot("cases", "/cases/", "township_doctor"),
    Shot("case-township", "/cases/?status=closed", "township_doctor", ("main td a",)),
    Shot(
        "images",
        "/patients/?q=wjh",
        "township_doctor",
        ("main .pt a", "a[href*='/images/studies/']"),
    ),
    Shot("case-specialist", "/cases/?status=closed", "specialist", ("main td a",)),
    Shot("register", "/patients/new/", "township_doctor"),
    Shot("check", "/check/"),
    Shot("my-case", "/my/cases/", "resident", ("main a[href*='/my/cases/']",)),
    Shot("who-looked", "/my/who-looked/", "resident"),
    Shot("account-menu", "/inbox/", "township_doctor", ("details[data-menu] > summary",)),
    Shot("inbox", "/inbox/", "township_doctor"),
    Shot("home-specialist", "/", "specialist"),
    Shot("home-coordinator", "/", "coordinator"),
    Shot("home-administrator", "/", "administrator"),
    Shot("home-official", "/", "official"),
    Shot("home-resident", "/", "resident"),
    Shot("figures-prefecture", "/oversight/?place=5201&show=closed", "official"),
    Shot("figures-county", "/oversight/?place=520121&show=declined", "official"),
    Shot("figures-filtered", "/oversight/?by=specialty&urgency=emergency", "official"),
    Shot("figures-hospital", "/oversight/", "director"),
    Shot("figures-compare", "/oversight/compare/?date=2026-09-01", "official"),
    Shot("silent", "/oversight/silent/", "official"),
    Shot("silence", "/oversight/silent/", "official", ("main td a",)),
    Shot("silence-head", "/oversight/silent/", "head", ("main td a",)),
    Shot("signals", "/oversight/signals/", "official"),
    Shot("agreements", "/organisations/agreements/", "head"),
    Shot("agreement", "/organisations/agreements/?state=proposed", "head", ("main td a",)),
    Shot("statements", "/organisations/settlement/", "coordinator"),
    Shot("statement", "/organisations/settlement/", "coordinator", ("main td a",)),
    Shot("rules", "/organisations/policies/", "official"),
    Shot("rule", "/organisations/policies/agreement.notice/", "official"),
    Shot("inbox-resident", "/inbox/", "resident"),
    Shot("reach", "/inbox/reach/", "resident"),
    Shot("phone-list", "/inbox/phone/", "coordinator"),
    Shot("phone-paper", "/inbox/phone/paper/", "coordinator"),
    Shot("events", "/inbox/events/", "administrator"),
    Shot("sent", "/inbox/sent/", "resident"),
    Shot("password", "/accounts/password/change/", "specialist"),
    Shot("signing-pin", "/accounts/pin/", "specialist"),
    Shot(
        "request-refused",
        "/patients/?q=yzm",
        "township_doctor",
        ("main .pt a", "button[data-key=n]", "[data-send]"),
    ),
    Shot("two-step", "/accounts/2fa/", "specialist"),
    Shot("sessions", "/accounts/sessions/", "specialist"),
    Shot("not-found", "/no/such/page/", "township_doctor"),
    Shot("rota", "/rota/", "coordinator"),
    Shot("home-director", "/", "director"),
    Shot("home-medical-office", "/", "medical_office"),
    Shot("home-auditor", "/", "auditor"),
    Shot("doubles", "/patients/pairs/", "administrator"),
    Shot("phrases", "/opinions/phrases/", "specialist"),
    Shot("my-shifts", "/rota/mine/", "specialist"),
    Shot("swap", "/rota/mine/", "specialist", ("main a[href*='/swap/']",)),
    Shot("staff", "/staff/?q=%E5%BC%80%E9%98%B3%E5%8E%BF", "administrator"),
    Shot("staff-invite", "/staff/invite/", "administrator"),
    Shot("staff-import", "/staff/import/", "administrator"),
    Shot("staff-person", "/staff/?q=specialist", "administrator", ("main td a",)),
    Shot("staff-person-office", "/staff/?q=specialist", "medical_office", ("main td a",)),
    Shot("staff-queue", "/staff/verify/", "medical_office"),
]
