import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from telemed.organisations.models import Division, Organisation
from telemed.people.models import Role, User
from telemed.staff import sheet
from telemed.staff.models import Entry, Invitation, Upload
from tests.factories.people import DivisionFactory, OrganisationFactory, StaffFactory

pytestmark = pytest.mark.django_db
CLINIC = {
    "机构编号": "5001",
    "机构名称": "开阳县龙岗镇卫生院",
    "机构类别": "township_clinic",
    "行政区划代码": "520121101",
    "角色": "township_doctor",
    "科室": "",
}
LICENCE = {
    "职称": "assistant",
    "执业证号": "110520000012345",
    "执业范围": "general",
    "首次独立执业": "2015-07-01",
    "有效期至": "2035-06-30",
}


@pytest.fixture
def importer(client, provincial):
    DivisionFactory(code="520121101", level=Division.Level.TOWNSHIP, name="龙岗镇")
    client.force_login(provincial)
    return client


def csv(*people, encoding="gb18030"):
    lines = [",".join(column.chinese for column in sheet.COLUMNS)]
    for one in people:
        lines.append(",".join(one.get(column.chinese, "") for column in sheet.COLUMNS))
    return SimpleUploadedFile("staff.csv", "\n".join(lines).encode(encoding))


def person(name, username, **more):
    return CLINIC | {"姓名": name, "用户名": username} | more


def bring(client, file):
    return client.post(reverse("staff:import"), {"file": file}, follow=True)


def store(client, **sent):
    url = reverse("staff:upload", args=[Upload.objects.latest("id").pk])
    return client.post(url, sent, follow=True)


def test_a_clinic_with_its_doctors_comes_in_and_each_gets_a_link(importer):
    page = bring(importer, csv(person("周新", "zhou", **LICENCE), person("吴敏", "wumin")))
    assert page.status_code == 200
    assert not User.objects.filter(username="zhou").exists()

    page = store(importer).content.decode()

    clinic = Organisation.objects.get(number=5001)
    assert clinic.roles.filter(role=Role.TOWNSHIP_DOCTOR).count() == 2
    assert Entry.objects.get().state == "waiting"  # two people still look at each licence
    assert Invitation.objects.count() == 2
    assert page.count("/staff/join/") == 2
    assert Upload.objects.get().text == ""


def test_the_same_file_again_changes_nothing(importer):
    file = (person("周新", "zhou", **LICENCE), person("吴敏", "wumin"))
    bring(importer, csv(*file))
    store(importer)

    bring(importer, csv(*file, encoding="utf-8-sig"))
    store(importer)

    assert User.objects.filter(username__in=["zhou", "wumin"]).count() == 2
    assert (Entry.objects.count(), Invitation.objects.count()) == (1, 2)


def test_mistakes_are_named_by_row_and_column_and_nothing_is_stored(importer):
    page = bring(
        importer,
        csv(
            person("周新", "zhou"),
            person("吴敏", "wu min", 角色="院士"),
            person("郑好", "zheng", 执业证号="12"),
            person("王五", "zhou"),
        ),
    ).content.decode()

    for said in (">3<", ">4<", ">5<", "用户名", "角色", "执业证号"):
        assert said in page
    assert store(importer).status_code == 422
    assert not Organisation.objects.filter(number=5001).exists()


def test_only_the_good_rows_when_that_is_chosen_and_the_others_to_take_away(importer):
    bring(importer, csv(person("周新", "zhou"), person("吴敏", "wu min")))
    bad = importer.get(reverse("staff:bad", args=[Upload.objects.get().pk]))
    assert "wu min" in bad.content.decode("utf-8-sig")
    assert "zhou" not in bad.content.decode("utf-8-sig")

    store(importer, only_good="on")

    assert User.objects.filter(username="zhou").exists()
    assert not User.objects.filter(name="吴敏").exists()


def test_an_administrator_of_one_hospital_brings_in_nobody_elsewhere(client, admin, hospital):
    client.force_login(admin)
    other = OrganisationFactory()
    rows = [
        person("周新", "zhou", 机构编号=str(hospital.number), 机构名称=""),
        person("吴敏", "wumin", 机构编号=str(other.number), 机构名称=""),
        person("郑好", "zheng", 机构编号="7777"),
    ]
    bring(client, csv(*rows))

    store(client, only_good="on")

    assert User.objects.filter(username="zhou").exists()
    assert not User.objects.filter(username__in=["wumin", "zheng"]).exists()


def test_a_user_name_of_somebody_else_is_a_mistake(importer, licensed):
    page = bring(importer, csv(person("不是他", licensed.username))).content.decode()
    assert licensed.name in page


@pytest.mark.parametrize("content", [b"", b"\x89PNG\0", "姓名\n周新\n".encode()])
def test_a_file_that_is_none_is_refused_in_words(importer, content):
    response = bring(importer, SimpleUploadedFile("x.csv", content))
    assert response.status_code == 422
    assert not Upload.objects.exists()


def test_who_is_no_administrator_may_not(client, office, importer):
    bring(importer, csv(person("周新", "zhou")))
    client.force_login(office)
    assert client.get(reverse("staff:import")).status_code == 403
    assert bring(client, csv(person("周新", "zhou"))).status_code == 403
    url = reverse("staff:upload", args=[Upload.objects.get().pk])
    assert client.get(url).status_code == 404
    client.force_login(StaffFactory(role=Role.ADMINISTRATOR, organisation=OrganisationFactory()))
    assert client.get(url).status_code == 404


def test_the_template_can_be_brought_in(importer):
    content = importer.get(reverse("staff:template")).content
    assert bring(importer, SimpleUploadedFile("t.csv", content)).status_code == 200
    store(importer)
    assert User.objects.filter(username="zhang.shili").exists()
