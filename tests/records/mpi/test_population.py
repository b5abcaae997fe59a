"""The register's files: every row counted once, whatever happens in the middle."""

import csv
import os
import signal
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils.translation import override

from records.fhir import queries as fhir
from records.fhir.models import Version
from records.mpi.fhir import to_fhir, to_plain
from records.mpi.health_cards import luhn_digit
from records.mpi.identity import check_digit
from records.mpi.management.commands import import_population as command
from records.mpi.models import HealthCard, Merge, Pair, Patient, Roll
from telemed.audit.models import AuditRow
from telemed.core import publication
from tests.factories.people import ClinicFactory, OrganisationFactory
from tests.marks import committed

pytestmark = committed
HEAD = ["姓名", "身份证号", "性别", "出生日期", "电话", "地址", "机构编号", "健康卡号"]
NAMES = ["王兴发", "李小梅", "张国富", "刘美玲", "陈浩宇", "杨正明", "黄开荣"]
HEALTH = "520121000000123"
HEALTH += luhn_digit(HEALTH)


@pytest.fixture(autouse=True)
def hospital(transactional_db):
    return OrganisationFactory(number=30)


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


def number(n):
    day = date(1960, 1, 1) + timedelta(days=n)
    first = f"520121{day:%Y%m%d}{n % 500 * 2 + 1:03}"
    return first + check_digit(first)


def row(n, **changed):
    """A man of his own."""
    name = NAMES[n % len(NAMES)]
    facts = {"姓名": name, "身份证号": number(n), "电话": f"138{n:08}", "地址": f"双永村 {n} 号"}
    return [{**facts, **changed}.get(column, "") for column in HEAD]


def write(path, rows, encoding="utf-8", head=HEAD):
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


@pytest.fixture
def file(tmp_path):
    return write(tmp_path / "people.csv", [row(n) for n in range(25)])


def load(path, *options):
    call_command("import_population", str(path), *options)


def counts():
    roll = Roll.objects.get()
    return roll.registered, roll.known, roll.refused, roll.queued


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_is_read_whatever_its_encoding(tmp_path, hospital, encoding, capsys):
    load(write(tmp_path / "p.csv", [row(n) for n in range(25)], encoding))
    assert "25 registered" in capsys.readouterr().out
    assert counts() == (25, 0, 0, 0)
    person = Patient.objects.get(pinyin="wang xing fa", phone="13800000000")
    assert (person.name, person.sex, person.birth_date) == ("王兴发", "male", date(1960, 1, 1))
    assert person.id_card == number(0)
    assert person.managing_organisation == hospital


def test_the_world_reads_each_of_them_as_if_registered_one_by_one(file):
    load(file)
    person = Patient.objects.first()
    kept = publication.as_json(publication.mapping_for("Patient", "mpi"), person)
    assert to_plain(person) == {k: v for k, v in kept.items() if k != "resourceType"}
    assert to_fhir(person)
    assert person.name.encode() in fhir.read("Patient", person.fhir_id)
    assert Version.objects.count() == 25
    assert AuditRow.objects.filter(action="person.register").count() == 25
    assert all(r.hash == r.digest() for r in AuditRow.objects.filter(action="person.register"))


def test_the_same_file_again_changes_nothing(file, capsys):
    load(file)
    load(file)
    assert "was read already" in capsys.readouterr().out
    assert (Patient.objects.count(), Version.objects.count()) == (25, 25)


def test_the_same_people_in_another_file_are_known(file, tmp_path):
    load(file)
    load(write(tmp_path / "next.csv", [row(n) for n in range(20, 30)]))
    roll = Roll.objects.order_by("-created_at").first()
    assert (roll.registered, roll.known) == (5, 5)
    assert Patient.objects.count() == 30


def errors_of(file):
    text = file.with_name(f"{file.name}.errors.csv").read_text(encoding="utf-8-sig")
    return list(csv.reader(text.splitlines()))


def killed_at(batch, file, *options):
    """The import in a process of its own that is killed with the transaction of a batch open."""
    pid = os.fork()
    if pid:
        return os.waitpid(pid, 0)[1]
    try:
        for connection in connections.all():
            connection.connection = None  # the parent's; closing it here would end it there
        write, done = command.ErrorFile.write, []

        def die(self, found):
            write(self, found)
            done.append(found)
            if len(done) == batch:
                os.kill(os.getpid(), signal.SIGKILL)

        command.ErrorFile.write = die
        load(file, *options)
    finally:
        os._exit(9)


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_killed_in_the_middle_it_goes_on_and_nothing_is_doubled_or_lost(tmp_path, batch, capsys):
    rows = [row(n) for n in range(25)]
    rows[3] = row(3, 身份证号="520121196001041111")
    rows[13] = row(13, 电话="12")
    file = write(tmp_path / "people.csv", rows)
    assert killed_at(batch, file, "--batch", "10") == signal.SIGKILL
    assert Patient.objects.count() == [0, 9, 18][batch - 1]
    assert Roll.objects.get().rows == 10 * (batch - 1)
    with pytest.raises(CommandError, match="2 were refused"):
        load(file, "--batch", "10")
    assert counts() == (23, 0, 2, 0)
    assert Patient.objects.count() == Version.objects.count() == 23
    assert AuditRow.objects.filter(action="person.register").count() == 23
    told = errors_of(file)
    assert [line[:2] for line in told] == [["row", "column"], ["5", "id_card"], ["15", "phone"]]


@pytest.mark.parametrize(
    ("changed", "column", "says"),
    [
        ({"姓名": ""}, "name", "enter the name"),
        ({"姓名": "123"}, "name", "letters only"),
        ({"身份证号": "5201"}, "id_card", "18 characters"),
        ({"身份证号": "520121196001041111"}, "id_card", "last character"),
        ({"身份证号": ""}, "birth_date", "birth date"),
        ({"身份证号": "", "出生日期": "1960-01-01"}, "sex", "choose the sex"),
        ({"性别": "女"}, "sex", "disagree"),
        ({"性别": "x"}, "sex", "Sex is"),
        ({"出生日期": "1961-01-01"}, "birth_date", "disagree"),
        ({"出生日期": "1960-02-30"}, "birth_date", "no date"),
        ({"电话": "12"}, "phone", "11 digits"),
        ({"地址": "长" * 201}, "address", "too long"),
        ({"机构编号": "999"}, "Organization", "no such institution"),
        ({"健康卡号": "5201210000001230"}, "health_card", "fails its check"),
        ({"姓名": "王\x00发"}, "", "no text"),
    ],
)
def test_a_bad_row_is_written_down_and_the_others_are_entered(tmp_path, changed, column, says):
    file = write(tmp_path / "p.csv", [row(0), row(1, **changed), row(2)])
    with pytest.raises(CommandError, match="1 were refused"):
        load(file)
    _head, (line, where, why) = errors_of(file)
    assert (line, where, says in why) == ("3", column, True), why
    assert Patient.objects.count() == 2
    assert number(1) not in why


def test_rows_that_are_no_rows(tmp_path):
    file = write(tmp_path / "p.csv", [row(0), ["王"], [], row(2)])
    with pytest.raises(CommandError):
        load(file)
    assert counts() == (2, 0, 2, 0)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\xff\xff\xff", "neither UTF-8 nor GB18030"),
        ("姓名,生日\n".encode(), "no column is called 生日"),
        ("姓名,姓名\n".encode(), "twice"),
        ("姓名,性别\n".encode(), "is needed"),
        (b"\n", "no column"),
    ],
)
def test_a_file_that_is_no_register_is_refused_whole(tmp_path, content, says):
    path = tmp_path / "p.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=says):
        load(path)
    assert not Patient.objects.exists()


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(CommandError, match=r"nothing\.csv"):
        load(tmp_path / "nothing.csv")


def test_who_resembles_somebody_is_entered_and_queued_and_never_merged(tmp_path):
    born = {"身份证号": "", "性别": "男", "出生日期": "19600101"}
    rows = [row(0), row(0, **born, 地址="别处"), row(0, 姓名="李四", 电话="13900000000", 地址="")]
    load(write(tmp_path / "p.csv", rows))
    assert counts() == (3, 0, 0, 2)
    assert not Merge.objects.exists()
    assert not Patient.objects.filter(merged_into__isnull=False).exists()
    assert Patient.objects.exclude(id_card_hash=None).count() == 1
    taken = Pair.objects.get(said="id_taken")
    assert "id_same" in taken.reasons


def test_twins_are_possible_at_most(tmp_path):
    home = {"身份证号": "", "出生日期": "2020-01-01", "地址": "双永村 1 号", "电话": "13800000001"}
    rows = [row(0, **home, 姓名="陈大宝", 性别="男"), row(0, **home, 姓名="陈小宝", 性别="女")]
    load(write(tmp_path / "p.csv", rows))
    assert Patient.objects.count() == 2
    assert {pair.grade for pair in Pair.objects.all()} <= {"possible"}


def test_institutions_and_health_cards_come_along(tmp_path):
    clinic = ClinicFactory(number=77)
    load(write(tmp_path / "p.csv", [row(0, 机构编号="77", 健康卡号=HEALTH)]))
    assert Patient.objects.get().managing_organisation == clinic
    assert HealthCard.objects.get().number == HEALTH
    with pytest.raises(CommandError):
        load(write(tmp_path / "q.csv", [row(1, 健康卡号=HEALTH)]))
    assert Patient.objects.count() == 1


def test_ndjson_of_patients_is_read_too(tmp_path):
    path = tmp_path / "p.ndjson"
    path.write_text(
        '{"resourceType":"Patient","name":[{"text":"王兴发"}],"gender":"male",'
        '"birthDate":"1960-01-01"}\n{"resourceType":"Observation"}\n[]\n'
    )
    with pytest.raises(CommandError, match="2 were refused"):
        load(path)
    assert Patient.objects.get().name == "王兴发"
