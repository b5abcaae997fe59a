"""The register of special family-planning families: the same kind of list, and no exemption."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation

from records.mpi import services
from records.mpi.low_incomes import is_special, kinds_of
from records.mpi.models import LowIncome, LowIncomeList, Register
from scheduling.registration.groups import groups_of
from scheduling.registration.models import Group
from telemed.core.bringing import Mistaken
from telemed.organisations.models import Division, Organisation
from tests.factories.people import DivisionFactory, OrganisationFactory, StaffFactory
from tests.records.mpi.test_low_incomes import number, of, sheet

pytestmark = pytest.mark.django_db
HOME = "/patients/low-income/?register=special"
HEADINGS = "身份证号,有效期至,姓名"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def keeper():
    county = DivisionFactory(code="520121", level=Division.Level.COUNTY, name="开阳县")
    authority = OrganisationFactory(kind=Organisation.Kind.AUTHORITY, division=county)
    return StaffFactory(role="administrator", organisation=authority, language="en")


@pytest.fixture
def bring(by, keeper):
    def bring(content, register=Register.SPECIAL, ahead=0):
        with by(keeper):
            return services.bring_low_incomes(
                actor=keeper,
                county_code="520121",
                valid_from=timezone.localdate() + timedelta(days=ahead),
                content=content,
                register=register,
            )

    return bring


def special(*rows, encoding="utf-8"):
    return sheet(*rows, encoding=encoding, headings=HEADINGS)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_who_is_on_the_list_comes_first_and_pays_like_others(by, keeper, bring, encoding):
    bring(special(f"{number(1)},,石美凤", encoding=encoding))
    one, other = of(1), of(2)
    with by(keeper):
        assert groups_of(one) == [*groups_of(other), Group.SPECIAL]
        assert kinds_of([one], timezone.localdate()) == {}
    assert "石美凤" not in str(list(LowIncome.objects.values()))


def test_the_two_registers_leave_each_other_alone(by, keeper, bring):
    bring(sheet(f"{number(1)},低保,", f"{number(2)},低保,"), Register.LOW_INCOME)
    bring(special(f"{number(1)},,"))
    bring(special(f"{number(3)},,"), ahead=1)
    today, tomorrow = (timezone.localdate() + timedelta(days=n) for n in (0, 1))
    one, two = of(1), of(2)
    with by(keeper):
        assert set(kinds_of([one, two], tomorrow).values()) == {"subsistence"}
        assert len(kinds_of([one, two], tomorrow)) == 2
        assert (is_special(one, today), is_special(one, tomorrow)) == (True, False)


def test_a_wrong_row_is_named_and_nothing_is_stored(bring):
    with pytest.raises(Mistaken) as refused:
        bring(special(f"{number(1)},,", "123,,", f"{number(1)},,"))
    found = [(one.row, one.column) for one in refused.value.mistakes]
    assert found == [(3, "ID number"), (4, "ID number")]
    assert not LowIncomeList.objects.exists()


def test_the_page_brings_it_in_and_hides_the_few(client, keeper):
    client.force_login(keeper)
    page = client.get(HOME).content.decode()
    assert "Special family-planning families</h1>" in page
    assert "no visit fee" not in page
    file = SimpleUploadedFile("list.csv", special(*(f"{number(n)},," for n in range(6))))
    sent = {
        "register": "special",
        "county": "520121",
        "valid_from": str(timezone.localdate()),
        "file": file,
    }
    said = client.post(HOME, sent, follow=True).content.decode()
    assert '<b class="num">6</b>' in said
    assert LowIncomeList.objects.get().register == Register.SPECIAL
    assert "no list yet" in client.get("/patients/low-income/").content.decode()


def test_the_template_of_it_is_a_list_that_comes_in(client, keeper, bring):
    client.force_login(keeper)
    content = client.get("/patients/low-income/template/?register=special").content
    assert bring(content).people.get().kind == "special"
