"""
E-mail through Django's own mail, as its EMAIL_ settings say.

SMTP has no idempotency. The Message-ID is made of the key, so that mailboxes which drop repeated
ones show a message once that was sent twice after a crash; others show it twice.
"""

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import translation
from django.utils.translation import gettext as _

from telemed.notifications.gateways import TIMEOUT, Down, Outgoing, Receipt, Refused

BACKEND = "django.core.mail.backends.smtp.EmailBackend"


class Smtp:
    def send(self, message: Outgoing) -> Receipt:
        domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(">")
        with translation.override(settings.LANGUAGE_CODE):
            subject = _("A message from Telemed")
        mail = EmailMessage(
            subject=subject,
            body=message.text,
            to=[message.to],
            headers={"Message-ID": f"<{message.key}@{domain}>", "Auto-Submitted": "auto-generated"},
            connection=get_connection(BACKEND, timeout=TIMEOUT),
        )
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            # 5xx: the mailbox is not there; 4xx (greylisting): later.
            codes = [code for code, _said in error.recipients.values()]
            raise (Refused if all(code >= 500 for code in codes) else Down)("recipient") from None
        except (OSError, smtplib.SMTPException) as error:
            raise Down(type(error).__name__) from None
        return Receipt(gateway_id=message.key, parts=0)
