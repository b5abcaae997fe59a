"""The key figures of one's own institution, on the first page of who heads it."""

from telemed.oversight.forms import wanted_of
from telemed.oversight.presenting.pages import make_headlines
from telemed.oversight.queries.pictures import find_figures
from telemed.people.models import User
from telemed.web.glances import Glance


def last_month(actor: User) -> Glance | None:
    """Of the last month that is over; nothing where too little was asked to say any."""
    wanted = wanted_of({})
    headlines = make_headlines(find_figures(actor, wanted), wanted)
    if all(card.shown.level is None for card in headlines):
        return None
    context = {"headlines": headlines, "month": wanted.month, "query": wanted.query}
    return Glance("oversight/_glance.html", "web/css/oversight.css", context)
