"""Pages that a device keeps and hands out where a page can't be had: slices register theirs."""

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class Kit:
    """A page about nobody, and the addresses for which it stands in."""

    url_name: str
    under: str = "/"


_kits: list[Kit] = []


def register(kit: Kit) -> None:
    """Called in ready()."""
    _kits.append(kit)


def for_the_worker() -> list[dict[str, str]]:
    """The narrowest first."""
    ordered = sorted(_kits, key=lambda kit: -len(kit.under))
    return [{"page": reverse(kit.url_name), "under": kit.under} for kit in ordered]
