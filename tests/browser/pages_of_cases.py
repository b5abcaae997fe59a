"""Photographs of consults: asked for, answered, joint, decided, and their rooms."""

from tests.browser.shots import Shot


def of(name: str) -> str:
    """The link to somebody's consult, in a list."""
    sent = ":not(:has-text('草稿')):not(:has-text('Draft'))"
    return f"main tr:has-text('{name}'){sent} td:first-child a"


# From the room, which is where a live consult in hand leads, to the page of its case.
OUT = ".ready__c a.btn"
# Into the room, and out of it again: from then on there is something to read of it.
LEFT = of("曾庆云"), "[data-room=enter]", "[data-room=leave]"
RECORD = "main a[href*='/record/']"
# One patient found, and so what was recorded of them lately.
CHOSEN = (("#patient", "wjh"), "main [data-found] input")
REFUSE = "main .req__a details.fold summary"
SHOTS = [
    Shot("request", "/patients/?q=lsy", "township_doctor", ("main .pt a", "button[data-key=n]")),
    Shot(
        "request-refuse",
        "/patients/?q=lsy",
        "township_doctor",
        ("main .pt a", "button[data-key=n]", REFUSE),
    ),
    Shot("request-village", "/patients/?q=lsy", "village", ("main .pt a", "button[data-key=n]")),
    Shot("emergency", "/cases/emergency/", "township_doctor"),
    Shot("emergency-patient", "/cases/emergency/", "township_doctor", CHOSEN),
    Shot("emergency-kit", "/cases/emergency/kit/", "township_doctor"),
    Shot("cases", "/cases/", "township_doctor"),
    Shot("case-township", "/cases/", "township_doctor", (of("吴金花"),)),
    Shot("case-specialist", "/cases/", "specialist", (of("吴金花"),)),
    Shot(
        "request-refused",
        "/patients/?q=yzm",
        "township_doctor",
        ("main .pt a", "button[data-key=n]", "[data-send]", ".errs b"),
    ),
    Shot(
        "write-together",
        "/cases/",
        "specialist",
        ("main td:first-child a[href*='/rooms/']", OUT, "a[href$='/writers/']"),
    ),
    Shot("check-found", "/cases/", "township_doctor", (of("吴金花"), "a[href*='/check/']")),
    Shot(
        "case-images",
        "/cases/",
        "specialist",
        (of("曾庆云"), OUT, "a[href$='/images/']"),
        by_worker=True,
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
    Shot("room-door", "/cases/", "township_doctor", (of("曾庆云"),)),
    Shot("room-record", "/cases/", "township_doctor", (*LEFT, RECORD)),
    Shot("room-record-paper", "/cases/", "township_doctor", (*LEFT, RECORD, "a[href='?print=1']")),
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
    Shot(
        "case-pass-on",
        "/cases/?kind=single&status=routed",
        "coordinator",
        ("main td a", "a[href$='/pass-on/']"),
    ),
    Shot(
        "case-assign",
        "/cases/?kind=single&status=routed",
        "coordinator",
        ("main td a",),
    ),
    Shot("case-withdrawal-asked", "/inbox/", "medical_office", (".ibx button",)),
    Shot(
        "mdt-request",
        "/patients/?q=lsy",
        "township_doctor",
        ("main .pt a", "button[data-key=n]", ".joint .opt"),
    ),
    Shot("mdt-case-township", "/cases/", "township_doctor", (of("单秀兰"),)),
    Shot("case-thread", "/cases/", "township_doctor", (of("单秀兰"), ("#message", "收到（演示）"))),
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
    Shot("cases-refused-filter", "/cases/?status=nonsense", "township_doctor"),
]
