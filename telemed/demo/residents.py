"""Synthetic residents of the story's county. Names, numbers and addresses belong to nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from records.mpi.identity import check_digit
from telemed.demo.province import COUNTY


@dataclass(frozen=True)
class Resident:
    """One person, registered at one of the story's three clinics (0, 1, 2)."""

    name: str
    male: bool
    birth_date: date
    clinic: int
    village: str
    username: str = ""  # the account that is this person's

    @property
    def id_card(self) -> str:
        """The county's place code, order number 990 or 991, and the right check digit."""
        first17 = f"{COUNTY}{self.birth_date:%Y%m%d}99{1 if self.male else 0}"
        return first17 + check_digit(first17)

    @property
    def phone(self) -> str:
        """100… is no mobile operator's prefix: a call reaches nobody."""
        return f"1000{self.birth_date:%y%m%d}{self.clinic}"


RESIDENTS: Sequence[Resident] = (
    Resident("吴金花", False, date(1959, 2, 11), 0, "双流镇双永村", "resident"),
    Resident("张国富", True, date(1972, 3, 8), 0, "双流镇刘育村"),
    Resident("曾庆云", True, date(1951, 10, 2), 0, "双流镇用沙村"),
    Resident("李小梅", False, date(1996, 6, 19), 0, "双流镇三合村"),
    Resident("陈浩宇", True, date(2021, 5, 30), 0, "双流镇双永村"),
    Resident("单秀兰", False, date(1947, 12, 25), 0, "双流镇凉水井村"),
    Resident("杨正明", True, date(1965, 1, 17), 0, "双流镇刘育村"),
    Resident("罗思雨", False, date(2009, 9, 3), 0, "双流镇用沙村"),
    Resident("黄开荣", True, date(1958, 4, 9), 1, "楠木渡镇临江村"),
    Resident("覃玉英", False, date(1963, 7, 21), 1, "楠木渡镇胜利村"),
    Resident("仇德贵", True, date(1949, 11, 5), 1, "楠木渡镇谷阳村"),
    Resident("刘美玲", False, date(1988, 2, 14), 1, "楠木渡镇黄木村"),
    Resident("任俊杰", True, date(2001, 8, 8), 1, "楠木渡镇临江村"),
    Resident("韦秀珍", False, date(1955, 5, 16), 1, "楠木渡镇两路村"),
    Resident("周天佑", True, date(2024, 3, 1), 1, "楠木渡镇胜利村"),
    Resident("何桂芳", False, date(1970, 10, 30), 1, "楠木渡镇红星村"),
    Resident("罗阿妹", False, date(1944, 6, 6), 2, "禾丰乡马头村"),
    Resident("王兴发", True, date(1961, 9, 12), 2, "禾丰乡底窝村"),
    Resident("莫小英", False, date(1992, 12, 1), 2, "禾丰乡典寨村"),
    Resident("岑光荣", True, date(1953, 3, 27), 2, "禾丰乡穿洞村"),
    Resident("陆春燕", False, date(2015, 4, 18), 2, "禾丰乡马头村"),
    Resident("石老四", True, date(1939, 8, 20), 2, "禾丰乡田冲村"),
    Resident("潘建国", True, date(1979, 10, 1), 2, "禾丰乡底窝村"),
    Resident("蒙春花", False, date(1984, 1, 9), 2, "禾丰乡典寨村"),
)
