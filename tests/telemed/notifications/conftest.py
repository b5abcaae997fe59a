"""People who can be reached, and the courier that reaches them."""

from datetime import datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from pytest_socket import disable_socket, enable_socket

from telemed.core.intentions import System
from telemed.notifications import gateways, services
from telemed.notifications.gateways.chosen import NUMBER
from telemed.notifications.gateways.console import Console
from telemed.notifications.models import Channel
from telemed.people.models import Role
from tests.factories.people import StaffFactory, UserFactory

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 9, 29, 11, 0, tzinfo=SHANGHAI)  # a Tuesday, within working hours
NIGHT = datetime(2026, 9, 29, 23, 30, tzinfo=SHANGHAI)
MORNING = datetime(2026, 9, 30, 7, 0, tzinfo=SHANGHAI)
DESK = System("test")


@pytest.fixture
def noon():
    with time_machine.travel(NOON, tick=False) as now:
        yield now


@pytest.fixture
def sms(monkeypatch):
    """What phones received, by key."""
    console = Console(Channel.SMS, NUMBER)
    monkeypatch.setitem(gateways._connected, Channel.SMS, console)
    return console


@pytest.fixture
def resident(db):
    return UserFactory(phone="13800000001", phone_verified=True, language="en")


@pytest.fixture
def doctor(db):
    return StaffFactory(
        role=Role.SPECIALIST, phone="13800000002", phone_verified=True, language="en"
    )


@pytest.fixture
def tell(by):
    """tell(user, "case.offered", …): the facts that most texts want are there."""

    def tell(recipient, template, *, about=None, actor=DESK, **more):
        facts = {"no": "C1", "org": "第一医院", "time": "09:00", "phone": "0851-1", "who": "周丽"}
        with by(actor):
            return services.notify(
                recipient=recipient,
                template=template,
                about=about or uuid4(),
                url=more.pop("url", "/"),
                **{**facts, **more},
            )

    return tell


@pytest.fixture
def loopback():
    """These tests talk to a server of their own on 127.0.0.1."""
    enable_socket()
    yield
    disable_socket(allow_unix_socket=True)


def channels(note):
    """Which ways a message went, and how far: {"in_app": "sent", …}."""
    return dict(note.deliveries.order_by("pk").values_list("channel", "state"))
