"""The low-income register: a county's list comes in whole, and the page names nobody."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone, translation

from records.mpi import low_income_sheet, services
from records.mpi.identity import check_digit
from records.mpi.low_incomes import kinds_of
from records.mpi.models import ID_CARD, LowIncome, LowIncomeList
from telemed.audit.models import AuditRow
from telemed.core import secrecy
from telemed.core.bringing import Mistaken
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge
from telemed.organisations.models import Division, Organisation
from tests.factories.people import (
    DivisionFactory,
    OrganisationFactory,
    PatientFactory,
    StaffFactory,
)

pytestmark = pytest.mark.django_db
HOME = "/patients/low-income/"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def number(n):
    first17 = f"52012119600101{n:03d}"
    return first17 + check_digit(first17)


def sheet(*rows, encoding="utf-8", headings="身份证号,类别,有效期至"):
    return "\n".join([headings, *rows]).encode(encoding)


def of(n, **facts):
    hashed = secrecy.keyed_hash(number(n), purpose=ID_CARD)
    return PatientFactory(id_card_hash=hashed, **facts)


@pytest.fixture
def county():
    return DivisionFactory(code="520121", level=Division.Level.COUNTY, name="开阳县")


@pytest.fixture
def keeper(county):
    authority = OrganisationFactory(kind=Organisation.Kind.AUTHORITY, division=county)
    return StaffFactory(role="administrator", organisation=authority, language="en")


@pytest.fixture
def bring(by, keeper, county):
    def bring(content, ahead=0, actor=keeper, code=""):
        with by(actor):
            return services.bring_low_incomes(
                actor=actor,
                county_code=code or county.code,
                valid_from=timezone.localdate() + ahead * DAY,
                content=content,
            )

    return bring


def kind(by, patient, ahead=0):
    with by(StaffFactory()):
        return kinds_of([patient], timezone.localdate() + ahead * DAY).get(patient.pk, "")


def test_a_list_is_kept_by_hash_and_leaves_a_trace(by, bring, county):
    brought = bring(sheet(f"{number(1)},低保,", f"{number(2)},特困,", f"{number(3)},monitored,"))
    kinds = [kind(by, of(n)) for n in (1, 2, 3, 4)]
    assert kinds == ["subsistence", "hardship", "monitored", ""]
    kept = str(list(LowIncome.objects.values()))
    assert number(1) not in kept
    assert AuditRow.objects.filter(action="low_income.bring", target__contains=str(brought.pk))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_encodings_of_spreadsheets_are_read(by, bring, encoding):
    bring(sheet(f"{number(1)},低保,", encoding=encoding))
    assert kind(by, of(1)) == "subsistence"


def test_names_that_come_along_are_not_kept(bring):
    bring(sheet(f"石美凤,{number(1)},低保", headings="姓名,身份证号,类别"))
    assert "石美凤" not in str(list(LowIncome.objects.values()))


def test_who_has_no_number_is_not_found(by, bring):
    bring(sheet(f"{number(1)},低保,"))
    assert kind(by, PatientFactory()) == ""


def test_it_holds_to_its_last_day(by, bring):
    last = timezone.localdate() + 3 * DAY
    bring(sheet(f"{number(1)},低保,{last}"))
    one = of(1)
    assert (kind(by, one, ahead=3), kind(by, one, ahead=4)) == ("subsistence", "")


def test_a_newer_list_ends_who_is_missing_from_its_day_on(by, bring):
    bring(sheet(f"{number(1)},低保,", f"{number(2)},低保,"))
    bring(sheet(f"{number(2)},特困,"), ahead=10)
    gone, stays = of(1), of(2)
    assert [kind(by, gone, ahead=n) for n in (0, 9, 10)] == ["subsistence", "subsistence", ""]
    assert [kind(by, stays, ahead=n) for n in (9, 10)] == ["subsistence", "hardship"]


def test_a_list_of_the_same_day_replaces_the_first(by, bring):
    bring(sheet(f"{number(1)},低保,"))
    bring(sheet(f"{number(2)},低保,"))
    assert (kind(by, of(1)), kind(by, of(2))) == ("", "subsistence")


def test_another_countys_list_stays(by, bring, county):
    other = DivisionFactory(code="520122", level=Division.Level.COUNTY, name="息烽县")
    authority = OrganisationFactory(kind=Organisation.Kind.AUTHORITY, division=other)
    theirs = StaffFactory(role="administrator", organisation=authority)
    bring(sheet(f"{number(1)},低保,"), actor=theirs, code=other.code)
    bring(sheet(f"{number(2)},低保,"))
    assert kind(by, of(1)) == "subsistence"


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        ("123,低保,", "ID number", "18 characters"),
        (number(1)[:17] + ("0" if number(1)[17] != "0" else "1") + ",低保,", "ID number", "wrong"),
        (f"{number(2)},富裕,", "kind", "One of"),
        (f"{number(2)},,", "kind", "One of"),
        (f"{number(2)},低保,soon", "last day", "no date"),
        (f"{number(2)},低保,9999-12-31", "last day", "no date"),
        (f"{number(2)},低保,2020-01-01", "last day", "ended before"),
        (f"{number(9)},低保,", "ID number", "twice"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_stored(bring, row, column, said):
    bring(sheet(f"{number(8)},低保,"))
    with pytest.raises(Mistaken) as refused:
        bring(sheet(f"{number(9)},低保,", row))
    (mistake,) = refused.value.mistakes
    assert (mistake.row, mistake.column) == (3, column)
    assert said in mistake.text
    assert LowIncome.objects.get().ends_on is None


@pytest.mark.parametrize(
    ("content", "ahead", "error"),
    [
        (sheet(), 5, Invalid),
        (sheet("a,b", headings="身份证号,级别"), 5, Invalid),
        (sheet(f"{number(1)},低保,"), -1, Invalid),
        (sheet(f"{number(1)},低保,"), 400, Invalid),
        (sheet(f"{number(1)},低保,"), 2, Conflict),  # one from the fifth day on is there
    ],
)
def test_a_list_that_cannot_be_changes_nothing(bring, content, ahead, error):
    bring(sheet(f"{number(8)},低保,"), ahead=5)
    with pytest.raises(error):
        bring(content, ahead=ahead)
    assert LowIncomeList.objects.count() == LowIncome.objects.filter(ends_on=None).count() == 1


def test_only_the_authority_of_the_county_keeps_it(bring, county):
    hospital = OrganisationFactory(division=county)
    with pytest.raises(Forbidden):
        bring(
            sheet(f"{number(1)},低保,"),
            actor=StaffFactory(role="administrator", organisation=hospital),
        )
    DivisionFactory(code="520122", level=Division.Level.COUNTY, name="息烽县")
    with pytest.raises(NotFound):
        bring(sheet(f"{number(1)},低保,"), code="520122")


def test_the_database_keeps_the_order_of_days(bring):
    bring(sheet(f"{number(1)},低保,"))
    with pytest.raises(IntegrityError):
        LowIncome.objects.update(ends_on=timezone.localdate() - DAY)


def test_the_page_counts_and_hides_the_few(client, keeper, bring):
    bring(
        sheet(*(f"{number(n)},低保," for n in range(1, 8)), *(f"{number(n)},特困," for n in (8, 9)))
    )
    client.force_login(keeper)
    said = client.get(HOME).content.decode()
    assert '<b class="num">7</b>' in said
    assert '<span class="nw num">&lt; 5</span>' in said
    assert '<b class="num">2</b>' not in said


def test_a_list_comes_in_over_the_page_and_mistakes_come_back(client, keeper, county):
    client.force_login(keeper)

    def send(content, day=""):
        file = SimpleUploadedFile("list.csv", content)
        sent = {"county": county.code, "valid_from": day or str(timezone.localdate()), "file": file}
        return client.post(reverse("low_income:home"), sent, follow=True)

    wrong = send(sheet("123,低保,"))
    assert (wrong.status_code, LowIncomeList.objects.count()) == (422, 0)
    assert "18 characters" in wrong.content.decode()
    assert "Say from which day" in send(sheet(f"{number(1)},低保,"), day=" ").content.decode()
    assert "is no date" in send(sheet(f"{number(1)},低保,"), day="soon").content.decode()
    right = send(sheet(f"{number(1)},低保,"))
    assert "holds from" in right.content.decode()
    assert LowIncomeList.objects.get().county == county


def test_a_province_chooses_the_county(client, county):
    province = DivisionFactory(code="52", level=Division.Level.PROVINCE, name="贵州省")
    authority = OrganisationFactory(kind=Organisation.Kind.AUTHORITY, division=province)
    keeper = StaffFactory(role="administrator", organisation=authority, language="en")
    client.force_login(keeper)
    DivisionFactory(code="520122", level=Division.Level.COUNTY, name="息烽县")
    page = client.get(HOME, {"county": "520122"}).content.decode()
    assert '<option value="520122" selected>' in page
    assert client.get(HOME, {"county": "\0zz"}).status_code == 404


def test_the_template_is_a_list_that_comes_in(client, keeper, bring):
    client.force_login(keeper)
    content = client.get(reverse("low_income:template")).content
    with time_machine.travel("2026-12-01", tick=False):
        assert bring(content).people.count() == 1


def test_a_county_with_names_in_every_row_is_over_a_megabyte_and_comes_in(client, keeper):
    client.force_login(keeper)
    padding = "石" * 20_000  # a column of names, as long as such a list has it
    file = SimpleUploadedFile(
        "list.csv",
        sheet(
            *(f"{number(n)},低保,,{padding}" for n in range(20)),
            headings="身份证号,类别,有效期至,姓名",
        ),
    )
    assert file.size > 1_000_000
    sent = {"county": "520121", "valid_from": str(timezone.localdate()), "file": file}
    client.post(HOME, sent)
    assert LowIncomeList.objects.get().people.count() == 20


@pytest.mark.parametrize(
    "rows",
    [["9" * low_income_sheet.BYTES], [f"{n},低保," for n in range(low_income_sheet.ROWS + 1)]],
    ids=["bytes", "rows"],
)
def test_too_long_a_list_is_never_to_be_cut_into_parts(bring, rows):
    """Each part would end the people of the others."""
    with pytest.raises(TooLarge) as refused:
        bring(sheet(*rows))
    assert "never in parts" in refused.value.message
    assert not LowIncomeList.objects.exists()


def test_a_list_that_would_end_most_of_the_register_is_asked_about_first(client, bring, keeper):
    bring(sheet(*(f"{number(n)},低保," for n in range(20))))
    client.force_login(keeper)
    facts = {"valid_from": timezone.localdate().isoformat(), "county": "520121"}

    def post(kept, **more):
        rows = sheet(*(f"{number(n)},低保," for n in range(kept)))
        return client.post(HOME, {**facts, **more, "file": SimpleUploadedFile("l.csv", rows)})

    page = post(9)
    assert page.status_code == 422
    assert "11 of the 20 people on the register" in page.content.decode()
    assert 'name="whole"' in page.content.decode()
    assert LowIncomeList.objects.count() == 1
    assert post(10).status_code == 302
    assert post(2).status_code == 302  # of a small register most may end
    bring(sheet(*(f"{number(n)},低保," for n in range(20))))
    assert post(1, whole="on").status_code == 302
    assert 'name="whole"' not in client.get(HOME).content.decode()
