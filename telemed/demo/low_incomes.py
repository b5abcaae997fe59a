"""The low-income register of the story's county: a few of its residents, and some nobody knows."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

from django.utils import timezone

from records.mpi import services as index
from records.mpi.identity import check_digit
from records.mpi.models import LowIncomeList
from telemed.demo.accounts import get_user
from telemed.demo.province import COUNTY
from telemed.demo.residents import RESIDENTS
from telemed.people.models import User

# Among them the grandmother who has an account and raises her grandson.
SUBSISTENCE = ("吴金花", "陈浩宇", "曾庆云", "单秀兰", "韦秀珍", "罗阿妹")
HARDSHIP = ("石老四",)
MONITORED = ("李小梅", "潘建国")
STRANGERS = 12  # who never came to a clinic
YEAR = timedelta(days=365)
Act = tuple[User, Callable[[], object]]


def story() -> Iterator[Act]:
    """Whoever keeps the list brings it; the door opens the intention."""
    if LowIncomeList.objects.exists():
        return
    keeper = get_user("admin")
    yield (
        keeper,
        partial(
            index.bring_low_incomes,
            actor=keeper,
            county_code=COUNTY,
            valid_from=timezone.localdate(),
            content="\n".join(["身份证号,类别,有效期至", *_rows()]).encode(),
        ),
    )


def _rows() -> Iterator[str]:
    last = timezone.localdate() + YEAR
    numbers = {one.name: one.id_card for one in RESIDENTS}
    for names, kind in ((SUBSISTENCE, "低保"), (HARDSHIP, "特困"), (MONITORED, "监测对象")):
        yield from (f"{numbers[name]},{kind},{last}" for name in names)
    for n in range(STRANGERS):
        first17 = f"{COUNTY}19500101{980 + n}"
        yield f"{first17}{check_digit(first17)},{'低保' if n % 2 else '监测对象'},{last}"
