"""How one wants to be reached, and proof that a number or an address is one's own."""

import hmac
import re
import secrets
from datetime import time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.audit import services as audit
from telemed.core import secrecy
from telemed.core.errors import Conflict, Forbidden, Invalid
from telemed.core.intentions import refusing, require_intention
from telemed.notifications import messages
from telemed.notifications.gateways import Outgoing
from telemed.notifications.models import Channel, Code, Preference
from telemed.notifications.queries import find_code
from telemed.people.models import User

PHONE = re.compile(r"1[3-9][0-9]{9}")  # a mobile number of mainland China
DIGITS = 6
KEPT = timedelta(days=1)


class WrongCode(Forbidden):
    """The door counts it in an intention of its own: the refused one rolls back."""


def set_reach(
    *,
    actor: User,
    channel: str,
    quiet: bool,
    quiet_from: time,
    quiet_until: time,
    urgent_only: bool,
) -> Preference:
    """The preferred channel, the quiet hours, and whether only urgent messages go out at all."""
    require_intention()
    if channel not in (Channel.SMS, Channel.EMAIL):
        raise Invalid(_("Choose SMS or e-mail."), path="channel")
    values: dict[str, Any] = {
        "channel": channel,
        "quiet": quiet,
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
        "urgent_only": urgent_only,
    }
    preference, _new = Preference.objects.update_or_create(user=actor, defaults=values)
    audit.record(action="reach.set", target=actor)
    return preference


def start_code(*, actor: User, channel: str, address: str) -> Outgoing:
    """A code for a number or an address, to be sent by the door once this has committed."""
    require_intention()
    address = _checked(channel, address.strip())
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    now = timezone.now()
    before = Code.objects.filter(user=actor, channel=channel)
    asked = Code.objects.filter(Q(user=actor) | Q(address=address))
    if asked.filter(created_at__gt=now - Code.PAUSE).exists():
        raise Conflict(_("A code was sent a moment ago. Wait a minute."), path="address")
    if asked.filter(created_at__gt=now - KEPT).count() >= Code.A_DAY:
        raise Conflict(_("Five codes were sent today. Try again tomorrow."), path="address")
    before.filter(used_at=None).update(used_at=now)
    twice = Conflict(_("A code was sent a moment ago. Wait a minute."), path="address")
    with refusing(one_live_code=twice):
        row = Code.objects.create(
            user=actor,
            channel=channel,
            address=address,
            sealed=secrecy.encrypt(code, purpose=Code.PURPOSE),
            expires_at=now + Code.VALID,
        )
    audit.record(action="account.code", target=actor, reason=channel)
    facts = {"code": code}
    text = messages.render_short("account.code", facts, language=actor.language)
    return Outgoing(
        channel=channel,
        key=str(row.pk),
        to=address,
        text=text,
        template="account.code",
        params=facts,
    )


def _checked(channel: str, address: str) -> str:
    if channel == Channel.SMS and PHONE.fullmatch(address):
        return address
    if channel == Channel.EMAIL and len(address) <= 254:
        try:
            validate_email(address)
        except ValidationError:
            pass
        else:
            return address
    raise Invalid(_("This is no mobile number or e-mail address."), path="address")


def confirm_code(*, actor: User, channel: str, code: str) -> None:
    """
    The code came back: the number or address is theirs.

    Raises WrongCode, which the door must count with note_wrong_code.
    """
    require_intention()
    row = find_code(actor, channel, lock=True)
    if row is None or row.expires_at < timezone.now():
        raise Conflict(_("This code is over. Ask for a new one."), path="code")
    if row.tries >= Code.TRIES:
        raise Conflict(_("Five wrong codes. Ask for a new one."), path="code")
    right = secrecy.decrypt(bytes(row.sealed), purpose=Code.PURPOSE)
    if not hmac.compare_digest(right.encode(), code.strip().encode()):
        raise WrongCode(_("The code is wrong."), path="code")
    row.used_at = timezone.now()
    row.save(update_fields=["used_at"])
    if channel == Channel.SMS:
        User.objects.filter(pk=actor.pk).update(phone=row.address, phone_verified=True)
    else:
        User.objects.filter(pk=actor.pk).update(email=row.address)
        Preference.objects.update_or_create(user=actor, defaults={"verified_email": row.address})
    audit.record(action="account.verify", target=actor, reason=channel)


def note_wrong_code(*, actor: User, channel: str) -> None:
    """Count a wrong code; the fifth ends it."""
    require_intention()
    Code.objects.filter(user=actor, channel=channel, used_at=None).update(tries=F("tries") + 1)


def mark_code_sent(*, key: str) -> None:
    require_intention()
    Code.objects.filter(pk=key).update(sent_at=timezone.now())


def forget_codes() -> int:
    """Codes are of no use after a day."""
    require_intention()
    old = Code.objects.filter(expires_at__lt=timezone.now() - KEPT)
    return old.delete()[0]
