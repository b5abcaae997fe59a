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
    Shot("account-menu", "/inbox/", "township_doctor", ("details[data-menu] > summary",)),
    Shot("inbox", "/inbox/", "township_doctor"),
    Shot("home-specialist", "/", "specialist"),
    Shot("home-coordinator", "/", "coordinator"),
    Shot("home-administrator", "/", "administrator"),
    Shot("home-official", "/", "official"),
    Shot("home-resident", "/", "resident"),
    Shot("inbox-resident", "/inbox/", "resident"),
    Shot("password", "/accounts/password/change/", "specialist"),
    Shot("two-step", "/accounts/2fa/", "specialist"),
    Shot("sessions", "/accounts/sessions/", "specialist"),
    Shot("not-found", "/no/such/page/", "township_doctor"),
]
