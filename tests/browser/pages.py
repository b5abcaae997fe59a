"""
Every page worth a photograph. A slice adds its own lines.

Some need a little life in the demonstration: `python -m tests.browser.life --port 8000`, once.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shot:
    """A page by its address, or by what one does there to reach it, in order."""

    name: str
    path: str
    role: str | None = None  # signs in as the demonstration account of that role, or of that name
    steps: tuple[str | tuple[str, str], ...] = ()  # what is clicked (CSS), or filled in with what
    by_worker: bool = False  # what it shows, a worker brings


def of(name: str) -> str:
    """The link to somebody's consult, in a list."""
    sent = ":not(:has-text('草稿')):not(:has-text('Draft'))"
    return f"main tr:has-text('{name}'){sent} td:first-child a"


# From the room, which is where a live consult in hand leads, to the page of its case.
OUT = ".ready__c a.btn"
MONTH_AFTER = "nav a:last-of-type[href*='/rota/']"
PATIENT_OF = {initials: f"/patients/?q={initials}" for initials in ("chy", "wjh", "lxm")}
FAMILY = ("main .pt a",)
SIGN_UP = "a[href^='/family-doctor/?for=']"
# Next week's, which has not begun whatever the day is.
OPEN_SESSION = "main a[rel=next]", "main .bx-s--published"
GRIP = ".bx-w--mv:not([data-stays]) a.bx-mv"
GRIP_FORM = ".bx-w--mv[data-stays] a[href$='/move/']"  # somebody is booked
RULE = (("#r-f", "2030-01-02"), ("#r-l", "2030-01-01"), ("#r-r", "消毒"))
DAY_AFTER = ("main nav a:last-of-type",)
CLOSES = "main a.btn[href$='/close/']"
SLOT = "main .slot:not(.slot--no)"  # the first place that can be had
ANOTHER = f"{SLOT} >> nth=1"  # the next department: at the first this resident has a visit
FINDS = "#bf + button"  # of booking for several people
SOMEBODY = ("#bf", "z"), FINDS, "main button[name=who]"
LATELY = "main .bt__l a"  # the newest batch that was sent
SHOTS = [
    Shot("sign-in", "/accounts/login/"),
    Shot("looks", "/looks/"),
    Shot("home-township", "/", "township_doctor"),
    Shot("patients", "/patients/?q=wjh", "township_doctor"),
    Shot("patient", "/patients/?q=wjh", "township_doctor", ("main .pt a",)),
    Shot("request", "/patients/?q=lsy", "township_doctor", ("main .pt a", "button[data-key=n]")),
    Shot("emergency", "/cases/emergency/", "township_doctor"),
    Shot("emergency-kit", "/cases/emergency/kit/", "township_doctor"),
    Shot("cases", "/cases/", "township_doctor"),
    Shot("case-township", "/cases/", "township_doctor", (of("吴金花"),)),
    Shot(
        "images",
        "/patients/?q=wjh",
        "township_doctor",
        ("main .pt a", "a[href*='/images/studies/']"),
        by_worker=True,
    ),
    Shot("case-specialist", "/cases/", "specialist", (of("吴金花"),)),
    Shot("register", "/patients/new/", "township_doctor"),
    Shot("check", "/check/"),
    Shot("my-case", "/my/cases/", "resident", ("main a[href*='/my/cases/']",)),
    Shot("who-looked", "/my/who-looked/", "resident"),
    Shot("booking", "/booking/", "resident"),
    Shot("booking-times", "/booking/", "resident", (ANOTHER,)),
    Shot("booking-held", "/booking/", "resident", (ANOTHER, SLOT)),
    Shot("booking-ticket", "/booking/mine/", "resident", ("main article[data-state=booked] a",)),
    Shot(
        "trip",
        "/booking/?q=心血管",
        "resident",
        ("main a.slot", "main a[href*='/trip/']", "input[value='心电图']", "button[name=find]"),
    ),
    Shot("trip-ticket", "/booking/mine/", "resident", ("main article[data-state=trip] a.btn",)),
    Shot(
        "trip-move",
        "/booking/mine/",
        "resident",
        ("main article[data-state=trip] a.btn", "a[href$='/trip/move/']"),
    ),
    Shot("waitlist", "/booking/mine/", "resident", ("main article[data-state=waitlisted] a",)),
    Shot(
        "clinic-stopped",
        "/booking/mine/",
        "resident",
        ("main article[data-state=displaced] a",),
        by_worker=True,
    ),
    Shot("video-ticket", "/booking/mine/", "resident", ("main article[data-mode=video] a",)),
    Shot(
        "video-times",
        "/booking/mine/",
        "resident",
        ("main article[data-mode=video] a", "a[href*='?move=']"),
    ),
    Shot(
        "video-link",
        "/booking/day/",
        "desk",
        (*DAY_AFTER, *DAY_AFTER, "main tr:has(.chip) td a", "form[action$='/link/'] button"),
    ),
    Shot("batch-where", "/booking/batch/", "township_doctor"),
    Shot("batch-who", "/booking/batch/", "township_doctor", (ANOTHER, ("#bf", "l"), FINDS)),
    Shot("batch-plan", "/booking/batch/", "township_doctor", (ANOTHER, *SOMEBODY)),
    Shot("batch-result", "/booking/batch/", "township_doctor", (LATELY,)),
    Shot("batch-slips", "/booking/batch/", "township_doctor", (LATELY, "a[href$='/slips/']")),
    Shot("batch-sheet", "/booking/batch/", "township_doctor", (LATELY, "a[href$='/sheet/']")),
    Shot("opening-none", "/booking/opening/1/", "resident"),
    Shot("waiting-room-screens", "/booking/board/", "desk"),
    Shot("waiting-room-desk", "/booking/day/", "desk"),
    Shot(
        "waiting-room-screen",
        "/booking/board/",
        "desk",
        ("main article a.btn",),
    ),
    Shot("missed-visits", "/booking/points/", "resident"),
    Shot("appeals", "/booking/appeals/?first=2026-11-01&last=2026-11-30", "coordinator"),
    Shot("bookings", "/booking/mine/", "resident"),
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
    Shot("silence", "/oversight/silent/", "official", ("main td a",), by_worker=True),
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
    Shot("upkeep", "/upkeep/", "admin"),
    Shot("sent", "/inbox/sent/", "resident"),
    Shot("password", "/accounts/password/change/", "specialist"),
    Shot("signing-pin", "/accounts/pin/", "specialist"),
    Shot(
        "request-refused",
        "/patients/?q=yzm",
        "township_doctor",
        ("main .pt a", "button[data-key=n]", "[data-send]", ".errs b"),
    ),
    Shot("two-step", "/accounts/2fa/", "specialist"),
    Shot("sessions", "/accounts/sessions/", "specialist"),
    Shot("not-found", "/no/such/page/", "township_doctor"),
    Shot("rota", "/rota/", "coordinator"),
    Shot("home-director", "/", "director"),
    Shot("home-medical-office", "/", "medical_office"),
    Shot("home-auditor", "/", "auditor"),
    Shot("doubles", "/patients/pairs/", "clinicadmin"),
    Shot("family-add", PATIENT_OF["chy"], "township_doctor", (*FAMILY, "a[href$='family/add/']")),
    Shot("family-end", PATIENT_OF["chy"], "township_doctor", (*FAMILY, "a[href$='/end/']")),
    Shot("household", PATIENT_OF["chy"], "township_doctor", (*FAMILY, "a[href$='household/']")),
    Shot("household-leave", PATIENT_OF["wjh"], "township_doctor", (*FAMILY, "a[href$='leave/']")),
    Shot("newborn", PATIENT_OF["lxm"], "township_doctor", (*FAMILY, "a[href$='newborn/']")),
    Shot("health-card", PATIENT_OF["wjh"], "township_doctor", (*FAMILY, "a[href$='health-card/']")),
    Shot("death", PATIENT_OF["wjh"], "township_doctor", (*FAMILY, "a[href$='death/']")),
    Shot("patient-child", PATIENT_OF["chy"], "township_doctor", FAMILY),
    Shot(
        "family-refused",
        PATIENT_OF["chy"],
        "township_doctor",
        (*FAMILY, "a[href$='family/add/']", "main form button.btn--p"),
    ),
    Shot("my-child", "/my/cases/", "resident", (".forwhom a:last-child",)),
    Shot("phrases", "/opinions/phrases/", "specialist"),
    Shot(
        "write-together",
        "/cases/",
        "specialist",
        ("main td:first-child a[href*='/rooms/']", OUT, "a[href$='/writers/']"),
    ),
    Shot("my-shifts", "/rota/mine/", "specialist"),
    Shot("swap", "/rota/mine/", "specialist", ("main a[href*='/swap/']",)),
    Shot("staff", "/staff/?q=%E5%BC%80%E9%98%B3%E5%8E%BF", "administrator"),
    Shot("staff-invite", "/staff/invite/", "administrator"),
    Shot("staff-import", "/staff/import/", "administrator"),
    Shot("staff-person", "/staff/?q=specialist", "administrator", ("main td a",)),
    Shot("staff-person-office", "/staff/?q=specialist", "medical_office", ("main td a",)),
    Shot("staff-queue", "/staff/verify/", "medical_office"),
    Shot(
        "sign-in-wrong",
        "/accounts/login/",
        None,
        (("#id_login", "x"), ("#id_password", "x"), "main form button.btn--p"),
    ),
    Shot("sign-out", "/accounts/logout/", "specialist"),
    Shot("forgotten", "/accounts/password/reset/"),
    Shot("check-found", "/cases/", "township_doctor", (of("吴金花"), "a[href*='/check/']")),
    Shot("check-unknown", "/check/ABCDE-FGHJK/"),
    Shot("patients-none", "/patients/?q=zzzz", "township_doctor"),
    Shot(
        "record-results",
        "/patients/?q=wjh",
        "township_doctor",
        ("main .pt a", ".sub-nav a[href$='results/']"),
    ),
    Shot(
        "record-timeline",
        "/patients/?q=wjh",
        "township_doctor",
        ("main .pt a", ".sub-nav a[href$='timeline/']"),
    ),
    Shot(
        "record-why",
        "/patients/?q=wjh",
        "township_doctor",
        ("main .pt a", ".sub-nav a[href$='why/']"),
    ),
    Shot(
        "images-upload",
        "/patients/?q=wjh",
        "township_doctor",
        ("main .pt a", "a[href*='/images/upload/']"),
    ),
    Shot(
        "images-all",
        "/patients/?q=wjh",
        "township_doctor",
        ("main .pt a", "a[href*='/images/studies/']", "a[href*='/images/patients/']"),
        by_worker=True,
    ),
    Shot(
        "images-ecg",
        "/patients/?q=wjh",
        "township_doctor",
        (
            "main .pt a",
            "a[href*='/images/studies/']",
            "a[href*='/images/patients/']",
            "main tr:has-text('ECG') a.btn",
        ),
        by_worker=True,
    ),
    Shot(
        "case-images",
        "/cases/",
        "specialist",
        (of("曾庆云"), OUT, "a[href$='/images/']"),
        by_worker=True,
    ),
    Shot("register-newborn", "/patients/new/", "township_doctor", ("main details summary",)),
    Shot(
        "register-refused",
        "/patients/new/",
        "township_doctor",
        (("#id_name", "李"), "main form button.btn--p"),
    ),
    Shot(
        "identify",
        "/patients/?q=无名氏",
        "township_doctor",
        ("main .pt a", "a[href*='/identify/']"),
    ),
    Shot("case-waiting", "/cases/", "township_doctor", (of("李小梅"),)),
    Shot("case-asked-for-more", "/cases/", "township_doctor", (of("杨正明"),)),
    Shot("case-to-decide", "/cases/", "township_doctor", (of("张国富"),)),
    Shot("opinion-paper", "/cases/", "township_doctor", (of("张国富"), "a[href*='/opinions/']")),
    Shot(
        "filed-copy",
        "/cases/",
        "township_doctor",
        (of("吴金花"), "a[href*='/archive/']"),
        by_worker=True,
    ),
    Shot("rooms-board", "/rooms/", "coordinator"),
    Shot("credit", "/credit/", "specialist"),
    Shot("credit-people", "/credit/", "medical_office"),
    Shot("credit-share", "/credit/?q=罗", "medical_office", ("main td a",)),
    Shot("devices", "/devices/", "clinicadmin"),
    Shot("devices-clinic", "/devices/", "clinicadmin", (".ttl a[href*='/devices/of/']",)),
    Shot("devices-new", "/devices/new/", "clinicadmin"),
    Shot("low-income", "/patients/low-income/?county=520121", "admin"),
    Shot("devices-import", "/devices/import/", "clinicadmin"),
    Shot("desk", "/accounts/desk/", "township_doctor"),
    Shot("desk-mine", "/accounts/desk/", "specialist", ("form[action$='/join/'] button",)),
    Shot("room-door", "/cases/", "township_doctor", (of("曾庆云"),)),
    Shot("case-in-hand", "/cases/", "township_doctor", (of("曾庆云"), OUT)),
    Shot("case-time", "/cases/", "township2", (of("覃玉英"), OUT)),
    Shot("case-amended", "/cases/", "township2", (of("仇德贵"),)),
    Shot("case-offered", "/cases/", "specialist", (of("李小梅"),)),
    Shot("case-held", "/cases/", "specialist", (of("覃玉英"), OUT)),
    Shot("case-writing", "/cases/", "specialist", (of("曾庆云"), OUT)),
    Shot(
        "opinion-similar", "/cases/", "specialist", (of("曾庆云"), OUT, "[data-similar] > summary")
    ),
    Shot("case-withdrawing", "/cases/", "specialist", (of("刘美玲"),)),
    Shot("cases-coordinator", "/cases/", "coordinator"),
    Shot("case-coordinator", "/", "coordinator", ("article .btn",)),
    Shot("case-withdrawal-asked", "/inbox/", "medical_office", (".ibx button",)),
    Shot(
        "mdt-request",
        "/patients/?q=lsy",
        "township_doctor",
        ("main .pt a", "button[data-key=n]", ".joint .opt"),
    ),
    Shot("mdt-case-township", "/cases/", "township_doctor", (of("单秀兰"),)),
    Shot("mdt-seat-empty", "/cases/?kind=mdt&status=routed", "coordinator", ("main td a",)),
    Shot("mdt-invited", "/cases/", "specialist3", (of("单秀兰"),)),
    Shot(
        "mdt-set-up",
        "/cases/?kind=single&status=routed",
        "coordinator",
        ("main td a", "a[href$='/mdt/']"),
    ),
    Shot("mdt-state-view", "/cases/", "specialist3", (of("任俊杰"), OUT)),
    Shot("mdt-chair", "/cases/", "specialist", (of("任俊杰"), OUT)),
    Shot("rota-cell", "/rota/", "coordinator", (MONTH_AFTER, MONTH_AFTER, "a.rg__c")),
    Shot("rota-next", "/rota/", "coordinator", (MONTH_AFTER,)),
    Shot("rota-draft", "/rota/", "coordinator", (MONTH_AFTER, MONTH_AFTER)),
    Shot("rota-import", "/rota/import/", "coordinator"),
    Shot("rota-paper", "/rota/", "coordinator", ("a[href$='/print/']",)),
    Shot(
        "statement-paper",
        "/organisations/settlement/",
        "coordinator",
        ("main td a", "a[href$='/print/']"),
    ),
    Shot("agreement-new", "/organisations/agreements/new/", "hospitaladmin"),
    Shot(
        "agreement-draft",
        "/organisations/agreements/new/?q=息烽",
        "hospitaladmin",
        ("main a[href*='direction=asking']",),
    ),
    Shot("agreement-in-force", "/organisations/agreements/?state=active", "head", ("main td a",)),
    Shot(
        "agreement-renew",
        "/organisations/agreements/?state=active",
        "hospitaladmin",
        ("main td a", "a[href$='/edit/']"),
    ),
    Shot("agreements-admin", "/organisations/agreements/", "hospitaladmin"),
    Shot("home-hospital-admin", "/", "hospitaladmin"),
    Shot("places", "/organisations/", "administrator"),
    Shot("staff-unknown", "/staff/?q=zzzz", "administrator"),
    Shot(
        "staff-close", "/staff/?q=specialist", "administrator", ("main td a", "a[href$='/close/']")
    ),
    Shot(
        "staff-licence",
        "/staff/?q=specialist",
        "administrator",
        ("main td a", "a[href$='/licence/']"),
    ),
    Shot("staff-invite-refused", "/staff/invite/", "administrator", ("main form button.btn--p",)),
    Shot("pair", "/patients/pairs/", "clinicadmin", ("main .pt a",)),
    Shot(
        "rule-change", "/organisations/policies/", "hospitaladmin", ("main a[href*='/policies/']",)
    ),
    Shot("my-cases", "/my/cases/", "resident"),
    Shot("home-clinic-admin", "/", "clinicadmin"),
    Shot("cases-refused-filter", "/cases/?status=nonsense", "township_doctor"),
    Shot("forbidden", "/staff/", "township_doctor"),
    Shot("new-pin", "/accounts/pin/new/", "specialist"),
    Shot("two-step-app", "/accounts/2fa/totp/activate/", "specialist"),
    Shot("reauthenticate", "/accounts/reauthenticate/", "specialist"),
    Shot("reach-staff", "/inbox/reach/", "specialist"),
    Shot("home-desk", "/", "desk"),
    Shot("session-week", "/sessions/", "coordinator"),
    Shot("session-gaps", "/sessions/", "desk", ("main a[rel=next]",)),
    Shot("session", "/sessions/", "desk", OPEN_SESSION),
    Shot("session-stop", "/sessions/", "desk", (*OPEN_SESSION, "details summary[data-key=s]")),
    Shot("session-resize", "/sessions/", "desk", (*OPEN_SESSION, "a[href$='/resize/']")),
    Shot("session-month", "/sessions/", "desk", ("main a[href*='/sessions/month/']",)),
    Shot("session-move", "/sessions/", "desk", ("main a[rel=next]", GRIP_FORM)),
    Shot("session-moving", "/sessions/", "desk", ("main a[rel=next]", GRIP)),
    Shot("session-differing", "/sessions/differences/", "desk"),
    Shot(
        "session-of-a-system",
        "/sessions/differences/",
        "desk",
        ("main article h2 a[href*='/sessions/']",),
    ),
    Shot("session-new", "/sessions/new/", "desk"),
    Shot("session-templates", "/sessions/templates/", "desk"),
    Shot("session-template", "/sessions/templates/add/", "desk"),
    Shot("session-days", "/sessions/days/", "desk"),
    Shot("utilisation", "/utilisation/", "coordinator"),
    Shot("session-import", "/sessions/import/", "desk"),
    Shot("my-sessions", "/sessions/mine/", "specialist"),
    Shot("family-doctor", "/family-doctor/", "resident"),
    Shot("family-doctor-teams", "/family-doctor/?change", "resident"),
    Shot("family-doctor-team", "/family-doctor/?change", "resident", ("main a.slot",)),
    Shot("contract-active", "/family-doctor/", "resident", ("main article a",)),
    Shot("contract-desk", "/family-doctor/desk/", "township_doctor"),
    Shot("contract-review", "/family-doctor/desk/", "township_doctor", ("main td a",)),
    Shot("contract-renewal", "/family-doctor/desk/", "township_doctor", ("main li a.hit",)),
    Shot("duties", "/family-doctor/duties/", "township_doctor"),
    *(
        Shot(f"duty-{name}", "/family-doctor/duties/", "township_doctor", (found,))
        for name, found in (
            ("due", "main tbody tr:not(:has(.chip--r)) a"),
            ("warned", "main tbody tr:has(.chip--r) a"),
            ("disputed", "main li a.hit"),
        )
    ),
    Shot("duties-kit", "/family-doctor/duties/kit/", "township_doctor"),
    Shot("duties-taken", "/family-doctor/duties/", "township_doctor", ("[data-take-now]",)),
    Shot("my-duties", "/family-doctor/duties/mine/", "resident"),
    Shot("family-doctor-clinic", PATIENT_OF["lxm"], "township_doctor", (*FAMILY, SIGN_UP)),
    Shot("care-teams", "/family-doctor/keep/", "clinicadmin"),
    Shot("care-team", "/family-doctor/keep/", "clinichead", ("main td a",)),
    Shot("care-team-close", "/family-doctor/keep/", "clinicadmin", ("main td a", CLOSES)),
    Shot(
        "care-team-close-refused",
        "/family-doctor/keep/",
        "clinicadmin",
        ("main td a", CLOSES, ("#cr", "无"), "main form button.btn--p"),
    ),
    Shot("left-without-team", "/family-doctor/left/", "coordinator"),
    Shot("packages", "/family-doctor/packages/", "admin"),
    Shot(
        "packages-refused",
        "/family-doctor/packages/",
        "admin",
        (("#pn", "错"), ("#pt", "体检"), ("#p3", "50"), "main form.card button.btn--p"),
    ),
    Shot(
        "referral-new",
        "/patients/?q=wjh",
        "township_doctor",
        ("main .pt a", "a[href*='/referrals/new/']"),
    ),
    Shot("referrals", "/referrals/", "township_doctor"),
    Shot("referrals-hospital", "/referrals/", "coordinator"),
    Shot("referrals-desk", "/referrals/", "desk"),
    *(
        Shot(f"referral-{name}", "/referrals/", role, (f"{found} a",))
        for name, role, found in (
            ("asked", "township_doctor", "tr[data-state=sent]:has(.chip--a)"),
            ("declined", "township_doctor", "tr[data-state=declined]"),
            ("missed", "township_doctor", "tr[data-state=not_arrived]"),
            ("back", "township_doctor", "tr[data-state=handed_back]"),
            ("to-answer", "coordinator", "tr[data-state=sent]:not(:has(.chip--a))"),
            ("to-check-in", "coordinator", "tr[data-state=accepted]"),
            ("in-care", "specialist5", "tr[data-state=in_care]"),
        )
    ),
    Shot("greens", "/green/", "township_doctor"),
    Shot("green-new", "/green/new/", "township_doctor"),
    *(
        Shot(f"green-{name}", "/green/", role, ("main .gb__a",))
        for name, role in (("clinic", "township_doctor"), ("hospital", "coordinator"))
    ),
    Shot("green-ended", "/green/", "coordinator", ("main .pl a",)),
    Shot(
        "green-report",
        "/green/",
        "coordinator",
        ("main .pl a", "main a[href$='/report/']"),
    ),
    Shot("my-referrals", "/referrals/mine/", "resident"),
    Shot("my-referral", "/referrals/mine/", "resident", ("main article a",)),
    Shot("session-refused", "/sessions/days/", "desk", (*RULE, "main form button.btn--p")),
]
