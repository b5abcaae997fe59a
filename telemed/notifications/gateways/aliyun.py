"""
SMS through Alibaba Cloud (阿里云短信服务), API version 2017-05-25.

SendSms: https://help.aliyun.com/zh/sms/developer-reference/api-dysmsapi-2017-05-25-sendsms
QuerySendDetails: …/api-dysmsapi-2017-05-25-querysenddetails
Signature: https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature

In China an operator sends only texts that it approved, so each of our templates needs one of
theirs with the same variables: `${no}` for {no}. SendSms knows no idempotency (its page says so).
Our key travels as OutId, and before a second try we ask whether the first one arrived.
"""

import hashlib
import hmac
import http.client
import json
import secrets
import urllib.parse
from collections.abc import Mapping
from datetime import UTC, timedelta
from typing import Any

from django.utils import timezone

from telemed.notifications.gateways import TIMEOUT, Down, Outgoing, Receipt, Refused, parts_of

VERSION = "2017-05-25"
ALGORITHM = "ACS3-HMAC-SHA256"
PAGE = "50"  # QuerySendDetails gives no more at a time
# Their error codes that time may heal; any other answer than OK is final.
HEALS = ("isv.BUSINESS_LIMIT_CONTROL", "isv.OUT_OF_SERVICE", "isp.", "Throttling", "ServiceUn")
RETRIED_WITHIN = timedelta(hours=1)  # the last try of a message comes sooner
FAILED = 2  # SendStatus: 1 waits for a receipt, 2 failed, 3 arrived


class Aliyun:
    def __init__(
        self, *, url: str, key_id: str, key_secret: str, sign: str, templates: Mapping[str, str]
    ) -> None:
        self.endpoint = urllib.parse.urlsplit(url)
        self.key_id, self.key_secret = key_id, key_secret
        self.sign, self.templates = sign, templates

    def send(self, message: Outgoing) -> Receipt:
        code = self.templates.get(message.template)
        if code is None:
            raise Refused("template not approved")
        if message.attempt > 1 and (known := self._find(message)):
            return known
        answer = self._call(
            "SendSms",
            PhoneNumbers=message.to,
            SignName=self.sign,
            TemplateCode=code,
            TemplateParam=json.dumps(dict(message.params), ensure_ascii=False),
            OutId=message.key,
        )
        return Receipt(gateway_id=str(answer.get("BizId", "")), parts=parts_of(message.text))

    def _find(self, message: Outgoing) -> Receipt | None:
        """Whether an earlier try under this key arrived at theirs, before midnight perhaps."""
        now = timezone.localtime()
        for day in sorted({f"{now:%Y%m%d}", f"{now - RETRIED_WITHIN:%Y%m%d}"}):
            answer = self._call(
                "QuerySendDetails",
                PhoneNumber=message.to,
                SendDate=day,
                PageSize=PAGE,
                CurrentPage="1",
            )
            details = answer.get("SmsSendDetailDTOs") or {}
            for one in details.get("SmsSendDetailDTO") or []:
                if one.get("OutId") == message.key and one.get("SendStatus") != FAILED:
                    return Receipt(gateway_id=message.key, parts=parts_of(message.text))
        return None

    def _call(self, action: str, **query: str) -> dict[str, Any]:
        now, nonce = timezone.now().astimezone(UTC), secrets.token_hex(16)
        asked = canonical_query(query)
        headers = {
            "host": self.endpoint.netloc,
            "x-acs-action": action,
            "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
            "x-acs-date": f"{now:%Y-%m-%dT%H:%M:%SZ}",
            "x-acs-signature-nonce": nonce,
            "x-acs-version": VERSION,
        }
        headers["authorization"] = authorization(
            "POST", asked, headers, key_id=self.key_id, key_secret=self.key_secret
        )
        status, body = self._post(f"/?{asked}", headers)
        try:
            answer = json.loads(body)
        except ValueError:
            raise Down(f"status {status}") from None
        code = str(answer.get("Code", ""))
        if status >= 500 or code.startswith(HEALS):
            raise Down(code or f"status {status}")
        if code != "OK":
            raise Refused(code)
        return dict(answer)

    def _post(self, path: str, headers: dict[str, str]) -> tuple[int, bytes]:
        secure = self.endpoint.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(self.endpoint.hostname or "", self.endpoint.port, timeout=TIMEOUT)
        try:
            connection.request("POST", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise Down(type(error).__name__) from None
        finally:
            connection.close()


def canonical_query(query: Mapping[str, str]) -> str:
    """Sorted, every value percent-encoded as RFC 3986 says."""
    return "&".join(
        f"{urllib.parse.quote(name, safe='')}={urllib.parse.quote(value, safe='')}"
        for name, value in sorted(query.items())
    )


def authorization(
    method: str, query: str, headers: Mapping[str, str], *, key_id: str, key_secret: str
) -> str:
    """The header of a request without a body, over every header given."""
    names = sorted(headers)
    signed = ";".join(names)
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in names)
    payload = headers["x-acs-content-sha256"]
    request = f"{method}\n/\n{query}\n{lines}\n{signed}\n{payload}"
    digest = hashlib.sha256(request.encode()).hexdigest()
    signature = hmac.new(
        key_secret.encode(), f"{ALGORITHM}\n{digest}".encode(), hashlib.sha256
    ).hexdigest()
    return f"{ALGORITHM} Credential={key_id},SignedHeaders={signed},Signature={signature}"
