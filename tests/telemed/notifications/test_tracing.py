"""How a message went, for the sender's side; what was sent, for testers."""

from uuid import uuid4

import pytest

from telemed.notifications import tracing
from telemed.notifications.tasks import deliver_task

pytestmark = pytest.mark.django_db


def test_the_senders_side_sees_each_way_and_no_residents_name(noon, sms, doctor, resident, tell):
    about = uuid4()
    tell(doctor, "case.emergency", about=about)
    tell(resident, "opinion.signed", about=about)
    tell(doctor, "case.closed")
    deliver_task()

    told = tracing.deliveries_of(about)

    assert told[0].who == doctor.name
    assert resident.name not in {one.who for one in told}
    assert told[0].organisation == doctor.acting_as.organisation.name
    assert len(told[0].ways) == 2


def test_it_is_one_query(noon, sms, doctor, tell, django_assert_num_queries):
    about = uuid4()
    for template in ("case.emergency", "case.offered", "case.closed"):
        tell(doctor, template, about=about)
    with django_assert_num_queries(1):
        tracing.deliveries_of(about)


def test_a_tester_reads_the_sms_and_its_link(client, noon, sms, resident, tell, settings):
    settings.DEMO = True
    tell(resident, "opinion.signed")
    deliver_task()
    client.force_login(resident)
    page = client.get("/inbox/sent/").content.decode()
    assert "The opinion on C1 is signed" in page
    assert "13800000001" in page
    assert "/m/" in page


def test_a_tester_reads_the_code(client, sms, resident, settings):
    settings.DEMO = True
    client.force_login(resident)
    client.post("/inbox/reach/code/", {"channel": "sms", "address": "13900000009"})
    assert "valid 5 min" in client.get("/inbox/sent/").content.decode()


def test_outside_a_demonstration_there_is_no_such_page(client, resident, settings):
    settings.DEMO = False
    client.force_login(resident)
    assert client.get("/inbox/sent/").status_code == 404
