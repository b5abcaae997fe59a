"""What the rail shows: every slice registers its own places in ready()."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

BAR = 5  # places in the bottom bar of a phone; the others are in the account menu


@dataclass(frozen=True, kw_only=True)
class Item:
    """
    One place: a word of two characters (about eight Latin letters), an icon, who sees it.

    An urgent one is the red button of the top bar instead; `key` is the letter that opens it.
    With `kinds`, only who acts for an institution of such a kind sees it.
    """

    label: Any  # str or a lazy translation
    url_name: str
    icon: str  # a symbol of icons.svg, without "i-"
    roles: frozenset[str]
    order: int = 50
    urgent: bool = False
    key: str = ""
    kinds: frozenset[str] = frozenset()

    def is_for(self, role: str, kind: str) -> bool:
        return role in self.roles and (not self.kinds or kind in self.kinds)


@dataclass(frozen=True)
class Place:
    """An item as one page shows it."""

    label: Any
    url: str
    icon: str
    current: bool = False
    in_bar: bool = True
    key: str = ""


_items: list[Item] = []


def register(item: Item) -> None:
    """Called in ready(). The same address twice for one role is a mistake."""
    if any(other.url_name == item.url_name and other.roles & item.roles for other in _items):
        raise ValueError(f"{item.url_name} is in the navigation already.")
    _items.append(item)


def places(role: str, path: str, kind: str = "") -> list[Place]:
    """
    What this role sees at an institution of that kind, in order.

    The longest address that leads to `path` is current.
    """
    mine = sorted(
        (i for i in _items if i.is_for(role, kind) and not i.urgent), key=lambda item: item.order
    )
    urls = [reverse(item.url_name) for item in mine]
    here = max((url for url in urls if _leads_to(url, path)), key=len, default="")
    return [
        Place(item.label, url, item.icon, url == here, n < BAR, item.key)
        for n, (item, url) in enumerate(zip(mine, urls, strict=True))
    ]


def urgent_act(role: str) -> Place | None:
    """The red button of the top bar."""
    for item in _items:
        if item.urgent and role in item.roles:
            return Place(item.label, reverse(item.url_name), item.icon, key=item.key)
    return None


def _leads_to(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))
