import pytest

from telemed.core.names import letters_of, read_name, sounds_like


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("张三丰", "zhang san feng", "zsf"),
        ("单雄信", "shan xiong xin", "sxx"),
        ("曾国强", "zeng guo qiang", "zgq"),
        ("仇和", "qiu he", "qh"),
        ("解晓东", "xie xiao dong", "xxd"),
        ("翟志刚", "zhai zhi gang", "zzg"),
        ("任秀英", "ren xiu ying", "rxy"),
        ("覃明", "qin ming", "qm"),
        ("查良", "zha liang", "zl"),
        ("欧阳修", "ou yang xiu", "oyx"),
        ("尉迟恭", "yu chi gong", "ycg"),
        ("万俟卨", "mo qi xie", "mqx"),
        ("长孙明", "zhang sun ming", "zsm"),
        ("吕布", "lv bu", "lb"),
        ("王 小明", "wang xiao ming", "wxm"),
        ("阿依·古丽", "a yi gu li", "aygl"),
        ("María José", "maria jose", "mj"),
        ("O'Brien", "o brien", "ob"),
        ("王A", "wang a", "wa"),
    ],
)
def test_a_name_has_a_sort_key_and_initials(name, pinyin, initials):
    reading = read_name(name)
    assert (reading.pinyin, reading.initials) == (pinyin, initials)


def test_a_character_that_is_a_surname_is_read_as_one_only_in_front():
    assert read_name("王单").pinyin == "wang dan"


def test_a_very_long_name_still_fits_its_columns():
    reading = read_name("王" * 100)
    assert (len(reading.pinyin), len(reading.initials)) == (200, 20)


def test_a_script_without_a_reading_has_none():
    assert read_name("Ω").pinyin == ""


@pytest.mark.parametrize(
    ("text", "letters", "sounds"),
    [
        ("心内科", "xnk", True),
        ("心内科", "xinneike", True),
        ("心内科", "neike", True),
        ("心内科", "xinn", True),
        ("心内科", "inneike", False),
        ("心内科", "k", False),
        ("心内科", "x", True),
        ("长顺县人民医院", "changshun", True),
        ("都匀市人民医院", "dyrm", False),
        ("都匀市人民医院", "dysrm", True),
        ("乐山市人民医院", "leshan", True),
        ("CT 室", "ctshi", True),
    ],
)
def test_words_are_found_by_their_reading_from_any_syllable_on(text, letters, sounds):
    assert sounds_like(text, letters) is sounds


@pytest.mark.parametrize(
    ("typed", "letters"),
    [("Zhang Wei", "zhangwei"), ("xi'an", "xian"), ("张伟", ""), ("张wei", ""), ("120", "")],
)
def test_letters_are_compared_in_one_piece(typed, letters):
    assert letters_of(typed) == letters
