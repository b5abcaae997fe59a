"""What happens to a case while its room lasts stands between the messages of both sides."""

import pytest
from playwright.sync_api import expect

from consult.opinions import services as opinions
from consult.requests import services as requests
from telemed.core import outbox
from telemed.core.intentions import intention
from tests.browser.test_room import enter
from tests.factories.consult import PIN, TEXTS, accepted_case
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
