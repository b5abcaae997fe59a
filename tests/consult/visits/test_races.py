"""One link, several browsers at once."""

from consult.visits import queries, services
from consult.visits.models import Link
from consult.visits.secrets import browser_of, new_browser, token_of
from telemed.core.intentions import intention
from tests.factories.visits import booked_visit
from tests.marks import committed
from tests.racing import race

pytestmark = committed


def test_six_browsers_race_for_one_link_and_one_enters():
    link = booked_visit().link
    cookies = [new_browser() for _ in range(6)]

    def enter(cookie):
        def call():
            with intention(link.holder, door="test"):
                services.enter(actor=link.holder, link=link, cookie=cookie)

        return call

    assert race([enter(cookie) for cookie in cookies]) == {"won": 1, "Conflict": 5}
    link.refresh_from_db()
    assert link.browser in {browser_of(cookie) for cookie in cookies}


def test_a_link_is_replaced_or_entered_and_never_entered_by_an_ended_one():
    visit = booked_visit()
    link, cookie = visit.link, new_browser()

    def enter():
        with intention(link.holder, door="test"):
            services.enter(actor=link.holder, link=link, cookie=cookie)

    def replace():
        with intention(visit.desk, door="test"):
            services.make_link(actor=visit.desk, visit_id=visit.appointment.pk)

    ended = race([enter, replace])
    assert ended["won"] >= 1
    assert Link.objects.filter(visit=visit.appointment, ended_at=None).count() == 1
    assert queries.get_link(token_of(link.pk)).ended_at is not None


def test_two_desks_that_make_one_leave_one():
    visit = booked_visit()

    def replace():
        with intention(visit.desk, door="test"):
            services.make_link(actor=visit.desk, visit_id=visit.appointment.pk)

    assert race([replace] * 4) == {"won": 4}
    assert Link.objects.filter(visit=visit.appointment, ended_at=None).count() == 1
