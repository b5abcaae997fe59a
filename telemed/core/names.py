"""How names and words are spelled in Latin letters, by which they are sorted and found."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from pypinyin import lazy_pinyin

# Surnames that are read differently from the same character elsewhere.
SURNAMES = {
    "万俟": "mo qi", "尉迟": "yu chi", "长孙": "zhang sun", "单于": "chan yu", "澹台": "tan tai",
    "乐正": "yue zheng", "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "翟": "zhai",
    "查": "zha", "盖": "ge", "朴": "piao", "区": "ou", "缪": "miao", "覃": "qin", "乐": "yue",
    "员": "yun", "洗": "xian", "黑": "he", "折": "she", "种": "chong", "秘": "bi", "繁": "po",
    "佴": "nai", "卜": "bu", "召": "shao", "祭": "zhai", "阚": "kan", "隗": "wei", "郇": "xun",
    "薄": "bo", "重": "chong",
}  # fmt: skip
# Places that pypinyin reads otherwise than those who live there.
PLACES = {"长顺": "chang shun", "都匀": "du yun", "朝阳": "chao yang", "六安": "lu an"}
HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
BETWEEN = re.compile(r"[\s'’·-]+")  # what people type between syllables
TYPED = re.compile(r"[a-z][a-z0-9]*")
LONGEST_INITIALS, LONGEST_PINYIN = 20, 200  # characters


@dataclass(frozen=True)
class Reading:
    """`pinyin` "zhang san feng" sorts; `initials` "zsf" finds."""

    pinyin: str
    initials: str


@lru_cache(maxsize=50_000)
def read_name(name: str) -> Reading:
    """
    The reading of a Chinese, transliterated (阿依·古丽) or Latin name, in plain lower-case letters.

    ü is v, as input methods have it: 吕 is "lv".
    """
    syllables = _chinese(name) if HAN.search(name) else _latin(name)
    initials = "".join(syllable[0] for syllable in syllables)
    return Reading(" ".join(syllables)[:LONGEST_PINYIN], initials[:LONGEST_INITIALS])


def letters_of(text: str) -> str:
    """What somebody typed instead of characters, in one piece: "Xi'an" is xian; "" of all else."""
    letters = BETWEEN.sub("", text.casefold())
    return letters if TYPED.fullmatch(letters) else ""


@lru_cache(maxsize=50_000)
def read_words(text: str) -> tuple[str, ...]:
    """The syllables of what is nobody's name: a place, a department, what hurts."""
    for place, syllables in PLACES.items():
        text = text.replace(place, f" {syllables} ")
    return tuple(syllable for run in lazy_pinyin(text) for syllable in _latin(run))


def sounds_like(text: str, letters: str) -> bool:
    """
    Whether the letters begin the reading or the initials, at any syllable: 心内科 is xnk and neike.

    A single letter only begins the whole.
    """
    readings = _readings(text)
    return readings.startswith(f"|{letters}") or (len(letters) > 1 and f"|{letters}" in readings)


@lru_cache(maxsize=50_000)
def _readings(text: str) -> str:
    """Each rest of the syllables and of their initials: |neike|nk|ke|k."""
    syllables = read_words(text)
    rests = [syllables[start:] for start in range(len(syllables))]
    return "".join(f"|{''.join(rest)}|{''.join(s[0] for s in rest)}" for rest in rests)


def _chinese(name: str) -> list[str]:
    name = re.sub(r"\s", "", name)
    surname = next((name[:n] for n in (2, 1) if name[:n] in SURNAMES), "")
    # pypinyin leaves a run of anything else as it is: ·, A, Ω.
    read = [syllable for run in lazy_pinyin(name[len(surname) :]) for syllable in _latin(run)]
    return [*SURNAMES.get(surname, "").split(), *read]


def _latin(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name).casefold()
    return re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c)))
