"""What the page of a case shows of its copies."""

from typing import Any

from consult.archive.queries import copies_for
from consult.requests.models import Case
from consult.requests.panels import Panel
from telemed.people.models import User


def copies_panel(actor: User, case: Case) -> dict[str, Any] | None:
    """The copies of one's own institution, newest first."""
    copies = list(copies_for(actor, case).defer("bundle", "page"))
    return {"case": case, "copies": copies} if copies else None


COPIES = Panel(template="archive/_copies.html", context=copies_panel, below=True)
