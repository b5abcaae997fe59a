"""The gateways that the settings name, and what `check` says about them."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info

from telemed.notifications.gateways import Gateway, connect
from telemed.notifications.gateways.aliyun import Aliyun
from telemed.notifications.gateways.console import Console
from telemed.notifications.gateways.smtp import Smtp
from telemed.notifications.models import Channel

NUMBER, ADDRESS = r"1[0-9]{10}", r"[^@\s]+@[^@\s]+"
GATEWAYS = {"SMS_GATEWAY": ("console", "aliyun"), "EMAIL_GATEWAY": ("console", "smtp")}
NEEDS = {
    ("SMS_GATEWAY", "aliyun"): ("SMS_KEY_ID", "SMS_KEY_SECRET", "SMS_SIGN", "SMS_TEMPLATES"),
    ("EMAIL_GATEWAY", "smtp"): ("EMAIL_HOST", "DEFAULT_FROM_EMAIL"),
}


def connect_all() -> None:
    """Called in ready(); a name that nobody knows is the console, and an error of `check`."""
    connect(Channel.SMS, _sms())
    connect(Channel.EMAIL, _email())


def _sms() -> Gateway:
    if settings.SMS_GATEWAY != "aliyun":
        return Console(Channel.SMS, NUMBER)
    return Aliyun(
        url=settings.SMS_URL,
        key_id=settings.SMS_KEY_ID,
        key_secret=settings.SMS_KEY_SECRET,
        sign=settings.SMS_SIGN,
        templates=templates(settings.SMS_TEMPLATES),
    )


def _email() -> Gateway:
    return Smtp() if settings.EMAIL_GATEWAY == "smtp" else Console(Channel.EMAIL, ADDRESS)


def templates(pairs: str) -> dict[str, str]:
    """case.offered=SMS_1001,opinion.signed=SMS_1002"""
    split = (pair.partition("=") for pair in pairs.split(",") if pair.strip())
    return {key.strip(): code.strip() for key, _mark, code in split}


def check_gateways(**_: Any) -> list[CheckMessage]:
    """What a gateway needs and does not have; that nothing leaves the house is worth knowing."""
    found: list[CheckMessage] = []
    for setting, known in GATEWAYS.items():
        chosen = getattr(settings, setting)
        if chosen not in known:
            hint = f"Set TELEMED_{setting} to one of: {', '.join(known)}."
            found.append(Error(f"There is no gateway {chosen!r}.", hint=hint, id="telemed.E010"))
        missing = [n for n in NEEDS.get((setting, chosen), ()) if not getattr(settings, n)]
        for name in missing:
            variable = "EMAIL_FROM" if name == "DEFAULT_FROM_EMAIL" else name
            hint = f"Set TELEMED_{variable} (see .env.example)."
            found.append(Error(f"{setting} {chosen} needs {name}.", hint=hint, id="telemed.E011"))
        if chosen == "console" and not settings.DEMO:
            what = "SMS" if setting == "SMS_GATEWAY" else "E-mail"
            hint = f"Set TELEMED_{setting}; until then people are told in their inbox alone."
            found.append(Info(f"{what} goes to the log only.", hint=hint, id="telemed.I010"))
    return found
