import pytest

from telemed.core import tables
from telemed.core.errors import Invalid, Malformed, TooLarge

COLUMNS = [
    tables.Column("name", "姓名", "name"),
    tables.Column("phone", "手机号", "mobile", needed=False),
]


def rows(text):
    return [(row.number, row.values) for row in tables.read(text, COLUMNS)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
def test_what_chinese_spreadsheets_save_is_read(encoding):
    text = tables.decode("姓名,手机号\r\n周新,138\r\n".encode(encoding))
    assert rows(text) == [(2, {"name": "周新", "phone": "138"})]


def test_headings_in_either_language_in_any_order_and_empty_lines_keep_their_number():
    assert rows("mobile,NAME\n\n,周新\n") == [(3, {"name": "周新", "phone": ""})]
    assert rows("姓名\t手机号\n周新\t1\n") == [(2, {"name": "周新", "phone": "1"})]


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\x00\x00", b"\xff\xff\xff", b"a\0b"])
def test_what_is_no_text_is_refused(content):
    with pytest.raises(Malformed):
        tables.decode(content)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", Malformed),
        ("姓名,年龄\n周新,3\n", Invalid),
        ("手机号\n1\n", Invalid),
        ('姓名\n"周新\n', Malformed),
        ("姓名\n" + "周新\n" * (tables.ROWS + 1), TooLarge),
    ],
)
def test_a_file_that_does_not_fit_is_refused(text, error):
    with pytest.raises(error):
        tables.read(text, COLUMNS)


def test_too_large_is_refused_before_it_is_read():
    with pytest.raises(TooLarge):
        tables.decode(b"a" * (tables.BYTES + 1))


def test_what_is_taken_away_opens_in_a_spreadsheet_and_runs_nothing():
    content = tables.write(["姓名"], [["=1+1"], ["周新"]])
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").splitlines() == ["姓名", "'=1+1", "周新"]
