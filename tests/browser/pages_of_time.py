"""Pages of sessions, the family doctor, referrals and green channels."""

from tests.browser.shots import FAMILY, PATIENT_OF, Shot

SIGN_UP = "a[href^='/family-doctor/?for=']"
# Next week's, which has not begun whatever the day is.
OPEN_SESSION = "main a[rel=next]", "main .bx-s--published"
GRIP = ".bx-w--mv:not([data-stays]) a.bx-mv"
GRIP_FORM = ".bx-w--mv[data-stays] a[href$='/move/']"  # somebody is booked
RULE = (("#r-f", "2030-01-02"), ("#r-l", "2030-01-01"), ("#r-r", "消毒"))
DOWN = ("tr[data-state=in_care] a", "main p.pad a.btn", "a[href*='/referrals/down/']")
CLOSES = "main a.btn[href$='/close/']"
SHOTS = [
    Shot("session-week", "/sessions/", "coordinator"),
    Shot("session-gaps", "/sessions/", "desk", ("main a[rel=next]",)),
    Shot("session", "/sessions/", "desk", OPEN_SESSION),
    Shot("session-stop", "/sessions/", "desk", (*OPEN_SESSION, "details summary[data-key=s]")),
    Shot("session-to-stop", "/sessions/to-stop/", "desk"),
    Shot("session-stop-doctor", "/sessions/", "desk", ("main th a[href*='doctor=']",)),
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
    Shot("family-doctor-find", "/family-doctor/?change&q=1", "resident"),
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
    Shot("duties-village", "/family-doctor/duties/", "village"),
    Shot("duties-kit", "/family-doctor/duties/kit/", "township_doctor"),
    Shot("duties-taken", "/family-doctor/duties/", "township_doctor", ("[data-take-now]",)),
    Shot(
        "duty-plan",
        "/family-doctor/duties/",
        "township_doctor",
        ("main tbody tr:not(:has(.chip--r)) a", ".ttl a[href*='/plans/']"),
    ),
    Shot("duties-county", "/family-doctor/duties/county/", "coordinator"),
    Shot(
        "duties-county-settle",
        "/family-doctor/duties/county/",
        "coordinator",
        ("main tbody details > summary",),
    ),
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
        "packages-limits",
        "/family-doctor/packages/",
        "admin",
        ("main form.card details > summary",),
    ),
    Shot(
        "packages-services",
        "/family-doctor/packages/",
        "admin",
        ("main form.card details:nth-of-type(2) > summary",),
    ),
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
    Shot("referral-down", "/referrals/", "specialist5", DOWN),
    Shot(
        "referral-down-refused",
        "/referrals/",
        "specialist5",
        (
            *DOWN,
            "input[name=purpose]",
            ("#reason", "请继续康复"),
            ("#diagnosis", "冠心病"),
            ("#done", "支架植入"),
            "main form button.btn--p",
        ),
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
            ("to-check-in", "coordinator", "tr[data-state=accepted]:not([data-down])"),
            ("down-clinic", "township_doctor", "tr[data-down]"),
            ("down-hospital", "coordinator", "tr[data-down]"),
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
