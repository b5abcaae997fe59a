"""What happens to a case while its room lasts stands between the messages of both sides."""

import pytest
from playwright.sync_api import expect

from consult.opinions import services as opinions
from consult.requests import services as requests
from telemed.core import outbox
from telemed.core.intentions import intention
from tests.browser.test_room import enter
from tests.factories.consult import PIN, TEXTS, accepted_case, sign, write
from tests.marks import committed

pytestmark = committed
PATIENCE = 30_000  # ms, never a measurement


@pytest.fixture
def case(transactional_db):
    made = accepted_case()
    for person in (made.asker, made.specialist):
        person.language = "en"
        person.save()
    return made


class InRoom:
    """What enter() wants to know of a room."""

    def __init__(self, case):
        self.room = self
        self.case_id = case.pk


def test_both_sides_read_what_happens_to_the_case(page_as, case):
    room = InRoom(case.case)
    pages = [enter(page_as(person), room) for person in (case.asker, case.specialist)]
    outbox.deliver_waiting()
    with intention(case.specialist, door="test"):
        requests.ask_question(
            actor=case.specialist, case_id=case.case.pk, text="发病前是否用过阿司匹林？"
        )
    outbox.deliver_waiting()
    for page in pages:
        expect(page.locator('[data-room="log"]')).to_contain_text(
            f"{case.specialist.name} asked for more", timeout=PATIENCE
        )

    with intention(case.specialist, door="test"):
        opinions.save_draft(actor=case.specialist, case_id=case.case.pk, **TEXTS)
        opinions.sign_opinion(actor=case.specialist, case_id=case.case.pk, pin=PIN)
    outbox.deliver_waiting()
    for page in pages:
        expect(page.locator('[data-room="log"]')).to_contain_text(
            f"{case.specialist.name} signed the opinion", timeout=PATIENCE
        )


def test_who_signed_in_the_room_still_reads_of_the_next_version(page_as, case):
    room = InRoom(case.case)
    _other, page = [enter(page_as(person), room) for person in (case.asker, case.specialist)]
    outbox.deliver_waiting()
    log = page.locator('[data-room="log"]')
    page.evaluate("""document.dispatchEvent(
        new CustomEvent("opinion-signed", { cancelable: true, detail: { version: 1 } }))""")
    write(case)
    sign(case)
    with intention(case.specialist, door="test"):
        opinions.start_amendment(actor=case.specialist, case_id=case.case.pk, reason="补充复查时间")
    write(case, recommendations="1. 立即转诊\n2. 6 小时后复查 CT")
    sign(case)
    outbox.deliver_waiting()
    expect(log).to_contain_text(
        f"{case.specialist.name} signed version 2 of the opinion", timeout=PATIENCE
    )
    expect(log).not_to_contain_text(f"{case.specialist.name} signed the opinion")
