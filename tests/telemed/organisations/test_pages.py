from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from telemed.core.clocks import FIRER
from telemed.core.ids import new_id
from telemed.core.policies import Preview
from telemed.organisations import work
from telemed.organisations.models import Agreement, Division, Entry, Organisation, Statement
from telemed.organisations.queries import statements
from telemed.organisations.services import settling
from telemed.people.models import Role
from tests.factories.people import (
    AgreementFactory,
    DivisionFactory,
    OrganisationFactory,
    StaffFactory,
)
from tests.telemed.organisations.test_agreements import Sides
from tests.telemed.organisations.test_ledger import Sides as Settlers

pytestmark = pytest.mark.django_db
LIST, SETTLEMENT = "/organisations/agreements/", "/organisations/settlement/"
TODAY = timezone.localdate()
FORM = {
    "starts_on": TODAY.isoformat(),
    "ends_on": (TODAY + timedelta(days=365)).isoformat(),
    "text": "双方按远程医疗服务管理规范开展会诊，各自保存原件并分担相应责任。",
    "on_consult": "on",
    "price_consult": "120.00",
    "asking_consult": "30",
    "asked_consult": "70",
    **{
        f"unit_{service}": "case"
        for service in ("consult", "mdt", "ecg", "imaging", "ultrasound", "pathology")
    },
}


@pytest.fixture
def sides():
    return Sides()


@pytest.fixture
def settlers():
    return Settlers()


def text_of(answer):
    return answer.content.decode()


def test_an_agreement_is_written_proposed_and_signed_on_pages(client, sides):
    client.force_login(sides.admin)
    found = text_of(client.get(f"{LIST}new/", {"q": sides.hospital.name}))
    assert sides.hospital.name in found
    new = f"{LIST}new/?partner={sides.hospital.pk}&direction=asking"
    assert client.get(new).status_code == 200
    written = client.post(new, FORM)
    agreement = Agreement.objects.get()
    assert written.url == f"{LIST}{agreement.pk}/"
    assert (agreement.asking, agreement.price) == (sides.clinic, 12_000)
    client.post(f"{written.url}propose/")
    agreement.refresh_from_db()

    for head in sides.heads:
        head.set_password("telemed-demo")
        head.save()
        client.force_login(head)
        page = text_of(client.get(written.url))
        assert agreement.digest in page
        signed = {"digest": agreement.digest, "password": "wrong"}
        assert client.post(f"{written.url}sign/", signed).status_code == 422
        assert client.post(f"{written.url}sign/", signed | {"password": "telemed-demo"}).url
    agreement.refresh_from_db()
    assert agreement.state == Agreement.State.ACTIVE


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"asked_consult": "60"}, "100"),
        ({"ends_on": "2020-01-01"}, "f__err"),
        ({"price_consult": "-1"}, "f__err"),
        ({"on_consult": ""}, "errs"),
        ({"text": "kurz"}, "f__err"),
    ],
)
def test_the_editor_says_what_is_wrong_and_keeps_what_was_typed(client, sides, given, said):
    client.force_login(sides.admin)
    new = f"{LIST}new/?partner={sides.hospital.pk}&direction=asked"
    answer = client.post(new, FORM | given)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert FORM["starts_on"] in text_of(answer)
    assert not Agreement.objects.exists()


def test_a_counter_proposal_stands_beside_what_it_answers(client, sides, by):
    with by(sides.admin):
        first = sides.propose()
    client.force_login(sides.coordinator)
    edit = f"{LIST}{first.pk}/edit/"
    assert 'value="120"' in text_of(client.get(edit)).replace("120.00", "120")
    answer = client.post(edit, FORM | {"price_consult": "150"})
    page = text_of(client.get(answer.url))
    assert "120.00" in page
    assert "150.00" in page
    assert page.count("is-new") == 1
    assert client.post(f"{LIST}{first.pk}/reject/", {"reason": "价格太高了"}).status_code == 409


def test_what_is_open_under_an_agreement_is_shown_before_it_changes(client, sides, by, monkeypatch):
    def source(agreement):
        return Preview(count=3, sentence="3 consults go on at their price.", examples=("C1",))

    monkeypatch.setattr(work, "_sources", [source, lambda agreement: None])
    with by(sides.admin):
        agreement = sides.sign(sides.propose())
    client.force_login(sides.heads[0])
    page = text_of(client.get(f"{LIST}{agreement.pk}/"))
    assert "3 consults go on at their price." in page
    suspended = client.post(f"{LIST}{agreement.pk}/suspend/", {"reason": "设备停用检修"})
    assert suspended.status_code == 302
    assert client.post(f"{LIST}{agreement.pk}/resume/", {"reason": "已修好了"}).status_code == 422
    assert client.post(f"{LIST}{agreement.pk}/burn/").status_code == 404


def test_agreements_are_found_by_name_state_and_service(client, sides, by):
    with by(sides.admin):
        sides.sign(sides.propose())
    other = AgreementFactory(asking=sides.clinic, services=["ecg"])
    client.force_login(sides.admin)
    assert other.asked.name in text_of(client.get(LIST))
    found = text_of(client.get(LIST, {"service": "consult", "state": "active"}))
    assert sides.hospital.name in found
    assert other.asked.name not in found
    assert other.asked.name in text_of(client.get(LIST, {"q": other.asked.name}))
    assert client.get(LIST, {"after": "x"}).status_code == 422
    assert "empty" in text_of(client.get(LIST, {"q": "nothing"}))


def test_who_sees_agreements_and_statements(client, sides, by):
    with by(sides.admin):
        agreement = sides.propose()
    page = f"{LIST}{agreement.pk}/"
    province = DivisionFactory(code="52", level=Division.Level.PROVINCE, name="贵州省")
    authority = OrganisationFactory(kind=Organisation.Kind.AUTHORITY, division=province)
    official = StaffFactory(role=Role.OFFICIAL, organisation=authority)
    seen = {
        sides.heads[1]: (200, 200),
        official: (200, 403),
        StaffFactory(role=Role.SPECIALIST, organisation=sides.hospital): (404, 403),
        StaffFactory(role=Role.ADMINISTRATOR): (404, 200),
        StaffFactory(role=Role.RESIDENT): (404, 403),
    }
    for actor, expected in seen.items():
        client.force_login(actor)
        answers = client.get(page), client.get(SETTLEMENT)
        assert tuple(answer.status_code for answer in answers) == expected, actor.role
    client.logout()
    assert client.get(page).status_code == 302


def test_a_month_is_settled_on_pages(client, settlers, by):
    with by(FIRER):
        statement = settlers.last_month(lines=3)
    entry = statement.entries.order_by("pk").first()
    url = f"{SETTLEMENT}{statement.pk}/"
    client.force_login(settlers.coordinator)
    assert "360.00" in text_of(client.get(url))
    assert client.post(f"{url}review/").status_code == 302

    client.force_login(settlers.admin)
    line = f"{SETTLEMENT}lines/{entry.pk}/"
    assert client.post(f"{line}dispute/", {"reason": "这例没有做过"}).status_code == 302
    assert client.post(f"{url}confirm/", {"all": "1"}).status_code == 409
    assert client.post(f"{url}confirm/").status_code == 422
    assert client.post(f"{url}confirm/", {"entry": "x"}).status_code == 422

    client.force_login(settlers.coordinator)
    for amount in ("x", "1.005", "NaN", ""):
        wrong = {"amount": amount, "reason": "核对后确认有误"}
        assert client.post(f"{line}correct/", wrong).status_code == 422
    right = {"amount": "60.00", "reason": "核对后确认有误"}
    assert client.post(f"{line}correct/", right).status_code == 302

    client.force_login(settlers.admin)
    assert client.get(f"{url}file.csv").status_code == 409
    ticked = {"entry": [str(e.pk) for e in statement.entries.all()]}
    assert client.post(f"{url}confirm/", ticked).status_code == 302
    assert client.post(f"{url}export/").status_code == 302
    file = client.get(f"{url}file.csv")
    assert file.content.startswith(b"\xef\xbb\xbf")
    assert client.get(f"{url}file.csv").content == file.content
    assert "300.00" in text_of(client.get(f"{url}print/"))
    assert "300.00" in text_of(client.get(SETTLEMENT, {"state": "exported"}))


def test_the_statements_of_others_are_not_there(client, settlers, by):
    with by(FIRER):
        statement = settlers.last_month()
    client.force_login(StaffFactory(role=Role.ADMINISTRATOR))
    url = f"{SETTLEMENT}{statement.pk}/"
    for answer in (
        client.get(url),
        client.get(f"{url}print/"),
        client.get(f"{url}file.csv"),
        client.post(f"{url}review/"),
        client.post(f"{SETTLEMENT}lines/{statement.entries.first().pk}/dispute/"),
    ):
        assert answer.status_code == 404
    assert "empty" in text_of(client.get(SETTLEMENT))
    assert client.get(SETTLEMENT, {"month": "soon"}).status_code == 422


def count(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_the_lists_cost_the_same_however_long_they_are(client, settlers, by):
    client.force_login(settlers.admin)
    with by(FIRER):
        statement = settlers.last_month()
    pages = [LIST, SETTLEMENT, f"{SETTLEMENT}{statement.pk}/"]
    few = [count(client, page) for page in pages]
    AgreementFactory.create_batch(12, asking=settlers.agreement.asking, services=["consult", "ecg"])
    for n in range(8):
        Statement.objects.create(
            asking=settlers.agreement.asking,
            asked=OrganisationFactory(),
            month=(TODAY - timedelta(days=40 * n)).replace(day=1),
        )
    with by(FIRER):
        entries = [settlers.accrue() for _ in range(15)]
    running = f"{SETTLEMENT}{entries[0].statement_id}/"
    many = [count(client, page) for page in [LIST, SETTLEMENT, running]]
    assert max(few + many) <= 12
    assert many == few
    assert Decimal(Entry.objects.count()) == 17


def refs(answer):
    return [entry.reference for entry in answer.context["lines"].entries]


def test_the_lines_of_a_statement_come_in_pages_and_are_found(client, settlers, by, monkeypatch):
    monkeypatch.setattr(statements, "LEAF", 2)
    with by(FIRER):
        entries = [settlers.accrue(reference=f"C{n}") for n in range(4)]
        ecg = settlers.accrue(kind="ecg", reference="E1")
    with by(settlers.coordinator):
        settling.correct_entry(
            actor=settlers.coordinator, entry_id=entries[1].pk, amount=0, reason="重复记账应为零"
        )
    url = f"{SETTLEMENT}{entries[0].statement_id}/"
    client.force_login(settlers.admin)

    seen, query = [], {}
    while True:
        page = client.get(url, query)
        assert len(refs(page)) <= 2
        seen += page.context["lines"].entries
        assert page.context["lines"].totals.amount == sum(
            entry.amount for entry in Entry.objects.all()
        )
        if not page.context["lines"].after:
            break
        query = {"after": page.context["lines"].after}
    assert len(seen) == len(set(seen)) == 6

    assert refs(client.get(url, {"q": "c2"})) == ["C2"]
    assert refs(client.get(url, {"q": "重复"})) == ["C1"]
    assert refs(client.get(url, {"kind": "ecg"})) == [ecg.reference]
    assert refs(client.get(url, {"state": "disputed"})) == []
    assert "empty" in text_of(client.get(url, {"q": "nothing"}))
    for wrong in ({"kind": "x"}, {"state": "x"}, {"after": "x"}, {"after": str(new_id())}):
        assert client.get(url, wrong).status_code == 422
    assert text_of(client.get(f"{url}print/")).count("C2") == 1


def test_after_an_act_one_is_back_on_the_page_of_the_lines(client, settlers, by):
    with by(FIRER):
        statement = settlers.last_month(lines=1)
    client.force_login(settlers.coordinator)

    answer = client.post(f"{SETTLEMENT}{statement.pk}/review/?kind=consult")

    assert answer.url == f"{SETTLEMENT}{statement.pk}/?kind=consult"


def test_the_statements_come_in_pages(client, settlers, monkeypatch):
    monkeypatch.setattr(statements, "PAGE", 2)
    for n in range(5):
        Statement.objects.create(
            asking=settlers.agreement.asking,
            asked=OrganisationFactory(),
            month=(TODAY - timedelta(days=31 * (n // 2))).replace(day=1),
        )
    client.force_login(settlers.admin)

    seen, query = [], {}
    while True:
        page = client.get(SETTLEMENT, query).context["page"]
        seen += [row.statement for row in page.rows]
        if not page.after:
            break
        query = {"after": page.after}
    assert len(seen) == len(set(seen)) == 5
    assert [s.month for s in seen] == sorted((s.month for s in seen), reverse=True)
    assert client.get(SETTLEMENT, {"after": "x"}).status_code == 422
