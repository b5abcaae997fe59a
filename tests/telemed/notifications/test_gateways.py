"""Whatever sends, console or provider, keeps the same promises; providers answer on 127.0.0.1."""

from contextlib import contextmanager

import pytest
from django.core.checks import Error

from telemed.notifications import gateways
from telemed.notifications.gateways import Down, Outgoing, Refused, chosen
from telemed.notifications.gateways.aliyun import Aliyun, authorization, canonical_query
from telemed.notifications.gateways.console import Console
from telemed.notifications.gateways.smtp import Smtp
from telemed.notifications.models import Channel
from tests.telemed.notifications.providers import KEY_ID, KEY_SECRET, dysms, mail


def message(**changed):
    values = {
        "channel": Channel.SMS,
        "key": "0199a000-0000-7000-8000-000000000001",
        "to": "13800000001",
        "text": "会诊C1意见已签发",
        "template": "opinion.signed",
        "params": {"no": "C1"},
    }
    return Outgoing(**values | changed)


class Contract:
    """Each adapter's class gives `running()`: the gateway, and how many messages arrived."""

    to, nowhere = "13800000001", "12"

    @pytest.fixture
    def running(self, loopback, settings):
        self.settings = settings
        with self.provider() as (gateway, arrived):
            yield gateway, arrived

    def message(self, **changed):
        return message(to=self.to, **changed)

    def test_a_message_arrives_with_what_it_cost(self, running):
        gateway, arrived = running
        receipt = gateway.send(self.message())
        assert arrived() == 1
        assert receipt.gateway_id

    def test_the_same_key_again_arrives_once(self, running):
        gateway, arrived = running
        gateway.send(self.message())
        gateway.send(self.message(attempt=2))
        assert arrived() == 1

    def test_another_key_is_another_message(self, running):
        gateway, arrived = running
        gateway.send(self.message())
        gateway.send(self.message(key="0199a000-0000-7000-8000-000000000002"))
        assert arrived() == 2

    def test_an_address_that_is_none_is_refused_for_good(self, running):
        gateway, arrived = running
        with pytest.raises(Refused):
            gateway.send(message(to=self.nowhere))
        assert arrived() == 0


class TestConsoleSms(Contract):
    @contextmanager
    def provider(self):
        gateway = Console(Channel.SMS, chosen.NUMBER)
        yield gateway, lambda: len(gateway.taken)


class TestConsoleEmail(Contract):
    to = "zhou@example.cn"

    @contextmanager
    def provider(self):
        gateway = Console(Channel.EMAIL, chosen.ADDRESS)
        yield gateway, lambda: len(gateway.taken)


class TestAliyun(Contract):
    nowhere = "nobody"

    @contextmanager
    def provider(self):
        with dysms() as server:
            self.server = server
            yield aliyun(server.server_address[1]), lambda: len(server.taken)

    def test_what_the_line_swallowed_is_found_before_it_is_sent_again(self, running):
        gateway, arrived = running
        self.server.cut = True
        with pytest.raises(Down):
            gateway.send(self.message())
        assert gateway.send(self.message(attempt=2)).gateway_id
        assert arrived() == 1

    def test_the_template_and_its_variables_travel_not_the_text(self, running):
        gateway, _arrived = running
        gateway.send(self.message())
        asked = self.server.taken[0]
        assert (asked["TemplateCode"], asked["TemplateParam"]) == ("SMS_1", '{"no": "C1"}')
        assert asked["OutId"] == self.message().key

    def test_a_text_that_no_operator_approved_is_refused(self, running):
        gateway, arrived = running
        with pytest.raises(Refused):
            gateway.send(self.message(template="case.closed"))
        assert arrived() == 0

    @pytest.mark.parametrize(
        ("trouble", "raised"),
        [
            ((500, {"Code": "InternalError"}), Down),
            ((200, {"Code": "isv.BUSINESS_LIMIT_CONTROL"}), Down),
            ((200, {"Code": "isv.AMOUNT_NOT_ENOUGH"}), Refused),
            ((403, {"Code": "Forbidden.RAM"}), Refused),
        ],
    )
    def test_what_may_heal_is_told_from_what_may_not(self, running, trouble, raised):
        gateway, _arrived = running
        self.server.trouble = trouble
        with pytest.raises(raised):
            gateway.send(self.message())

    def test_a_wrong_secret_is_noticed_by_the_provider(self, running):
        _gateway, arrived = running
        with pytest.raises(Refused, match="Signature"):
            aliyun(self.server.server_address[1], key_secret=KEY_SECRET * 2).send(self.message())
        assert arrived() == 0

    def test_nobody_there_may_heal(self, loopback):
        with pytest.raises(Down):
            aliyun(9).send(message())


class TestSmtp(Contract):
    to, nowhere = "zhou@example.cn", "nobody@example.cn"

    @contextmanager
    def provider(self):
        with mail() as server:
            self.server = server
            self.settings.EMAIL_HOST, self.settings.EMAIL_PORT = server.server_address
            self.settings.EMAIL_USE_TLS = False
            self.settings.DEFAULT_FROM_EMAIL = "Telemed <telemed@example.cn>"
            # A mailbox shows what has the same Message-ID once.
            yield Smtp(), lambda: len({mail["Message-ID"] for mail in server.taken})

    def test_the_text_is_the_body_and_the_subject_says_nothing(self, running):
        gateway, _arrived = running
        gateway.send(self.message())
        (received,) = self.server.taken
        assert received.get_content().strip() == "会诊C1意见已签发"
        assert "C1" not in received["Subject"]
        assert received["Auto-Submitted"] == "auto-generated"

    def test_nobody_there_may_heal(self, loopback, settings):
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
        settings.DEFAULT_FROM_EMAIL = "telemed@example.cn"
        with pytest.raises(Down):
            Smtp().send(message(to=self.to))


def aliyun(port, key_secret=KEY_SECRET):
    return Aliyun(
        url=f"http://127.0.0.1:{port}",
        key_id=KEY_ID,
        key_secret=key_secret,
        sign="贵州远程医疗",
        templates={"opinion.signed": "SMS_1"},
    )


def test_the_signature_is_the_one_that_the_provider_prints():
    """The example with fixed parameters of Alibaba Cloud's page on signature V3."""
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26",
    }
    query = canonical_query(
        {
            "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
            "RegionId": "cn-shanghai",
        }
    )
    signed = authorization(
        "POST",
        query,
        headers,
        key_id="YourAccessKeyId",
        key_secret="YourAccessKeySecret",  # noqa: S106
    )
    assert signed.endswith("06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0")


@pytest.mark.parametrize(("length", "parts"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3)])
def test_a_long_sms_is_billed_in_parts(length, parts):
    assert gateways.parts_of("字" * length) == parts


def test_the_log_of_the_console_names_nobody(caplog):
    caplog.set_level("INFO")
    Console(Channel.SMS, chosen.NUMBER).send(message())
    assert message().key in caplog.text
    assert "13800000001" not in caplog.text
    assert "会诊" not in caplog.text


def found(kind=Error):
    return [one.id for one in chosen.check_gateways() if isinstance(one, kind)]


def test_a_gateway_without_what_it_needs_is_refused(settings):
    settings.SMS_GATEWAY, settings.EMAIL_GATEWAY = "aliyun", "smtp"
    assert found() == ["telemed.E011"] * 6
    settings.SMS_KEY_ID = settings.SMS_KEY_SECRET = settings.SMS_SIGN = KEY_ID
    settings.SMS_TEMPLATES = "case.offered=SMS_1"
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "smtp.example.cn", "a@example.cn"
    assert found() == []


def test_a_gateway_that_nobody_knows_is_refused(settings):
    settings.SMS_GATEWAY = "pigeon"
    assert found() == ["telemed.E010"]


def test_templates_are_read_from_the_settings():
    assert chosen.templates("case.offered=SMS_1, opinion.signed=SMS_2,") == {
        "case.offered": "SMS_1",
        "opinion.signed": "SMS_2",
    }
