"""What the pages say to a resident: sentences one would say aloud."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from consult.requests.models import Case, Receipt, Status

# One vocabulary for what the trace calls an action. What is not here: "opened the record".
ACTIONS = {
    "case.draft": gettext_noop("began a consult request about you"),
    "case.submit": gettext_noop("sent a consult request about you"),
    "relation.add": gettext_noop("entered who acts for you"),
    "relation.end": gettext_noop("ended that somebody acts for you"),
    "household.join": gettext_noop("entered your household"),
    "household.leave": gettext_noop("entered that you left a household"),
    "person.card": gettext_noop("entered your health card"),
    "person.look": gettext_noop("looked you up by number or name"),
    "case.list": gettext_noop("looked at your consults"),
    "case.read": gettext_noop("read the consult request"),
    "case.open": gettext_noop("read the consult request"),
    "offer.read": gettext_noop("read the consult request"),
    "case.route": gettext_noop("asked doctors to answer the consult"),
    "case.begin": gettext_noop("began the consult"),
    "case.return": gettext_noop("gave the consult back"),
    "case.accept": gettext_noop("took on the consult"),
    "offer.decline": gettext_noop("gave the consult back"),
    "case.ask": gettext_noop("asked your doctor for more about the consult"),
    "case.answer": gettext_noop("answered a question about the consult"),
    "case.complete": gettext_noop("completed the consult request about you"),
    "case.schedule": gettext_noop("agreed to a time for the consult"),
    "offer.hand_over": gettext_noop("took the consult over"),
    "offer.return": gettext_noop("gave the consult back"),
    "case.outcome": gettext_noop("wrote down how you are doing"),
    "case.archive": gettext_noop("filed the consult"),
    "case.assign": gettext_noop("assigned the consult to a doctor"),
    "case.cancel": gettext_noop("withdrew the consult"),
    "case.receipt": gettext_noop("decided on the opinion"),
    "case.close": gettext_noop("closed the consult"),
    "consent.give": gettext_noop("took your consent"),
    "consent.refuse": gettext_noop("noted that a consult was refused for you"),
    "consent.withdraw": gettext_noop("noted that your consent ended"),
    "opinion.draft": gettext_noop("wrote on the opinion"),
    "opinion.drop_draft": gettext_noop("gave up a change of the opinion"),
    "opinion.sign": gettext_noop("signed the opinion"),
    "opinion.ready": gettext_noop("finished the text of the opinion"),
    "opinion.similar": gettext_noop("compared the consult with closed ones, without names"),
    "opinion.ask_withdrawal": gettext_noop("asked to withdraw the opinion"),
    "opinion.withdraw": gettext_noop("withdrew the opinion"),
    "opinion.drop_withdrawal": gettext_noop("decided that the opinion stays"),
    "opinion.ask_amendment": gettext_noop("asked for a new version of the opinion"),
    "opinion.amend": gettext_noop("signed a new version of the opinion"),
    "opinion.read": gettext_noop("read or printed the opinion"),
    "opinion.state": gettext_noop("stated a view on the conclusion"),
    "case.convene": gettext_noop("called doctors of several specialties together"),
    "offer.accept": gettext_noop("took part in the joint consult"),
    "offer.replace": gettext_noop("invited another doctor to the joint consult"),
    "case.agree": gettext_noop("agreed to the time of the joint consult"),
    "room.read": gettext_noop("read what happened in the consult room"),
    "room.join": gettext_noop("met about you in the consult room"),
    "contract.apply": gettext_noop("applied for a family doctor for you"),
    "contract.open": gettext_noop("looked at your application for a family doctor"),
    "contract.agree": gettext_noop("agreed to be your family doctor"),
    "contract.reopen": gettext_noop("looked at your application for a family doctor"),
    "contract.reject": gettext_noop("did not accept your application for a family doctor"),
    "contract.withdraw": gettext_noop("took the application for a family doctor back"),
    "contract.propose": gettext_noop("prepared the renewal with your family doctor"),
    "contract.sign": gettext_noop("signed the contract with your family doctor"),
    "contract.activate": gettext_noop("began to look after you as family doctor"),
    "contract.renew": gettext_noop("renewed the contract with your family doctor"),
    "contract.end": gettext_noop("ended the contract with your family doctor"),
    "contract.hand_over": gettext_noop("handed you over to the next family doctor"),
    "contract.read": gettext_noop("read the contract with your family doctor"),
    "looks.person": gettext_noop("searched for who opened your record"),
    "looks.search": gettext_noop("searched for who opened your record"),
    "looks.export": gettext_noop("searched for who opened your record"),
    "breakglass.open": gettext_noop("opened your record in an emergency"),
    "breakglass.end": gettext_noop("ended the emergency access"),
    "breakglass.review": gettext_noop("reviewed an emergency access to your record"),
    "patient.find": gettext_noop("looked you up by number or name"),
    "patient.read": gettext_noop("opened your record"),
    "patient.register": gettext_noop("registered you"),
    "referral.read": gettext_noop("read your referral"),
    "chart.read": gettext_noop("opened your record"),
    "study.open": gettext_noop("opened your images"),
    "study.read": gettext_noop("opened your images"),
    "key_image.read": gettext_noop("opened your images"),
    "report.read": gettext_noop("read a report"),
}
OPENED = gettext_noop("opened your record")

REASONS = {
    "acts_for": gettext_noop("they are guardian or proxy"),
    "own_record": gettext_noop("it is your own record"),
    "treated_here": gettext_noop("you are treated at this institution"),
    "open_case": gettext_noop("they were asked for a consult about you"),
    "booked_here": gettext_noop("a visit with them is booked"),
    "asked_for_consult": gettext_noop("they were asked for a consult about you"),
    "signed_it": gettext_noop("they signed this opinion themselves"),
    "break_glass": gettext_noop("an emergency; it is reviewed afterwards"),
    "family_doctor": gettext_noop("your family doctor's agreement"),
    "referral": gettext_noop("you were referred to them"),
    "booking": gettext_noop("you booked an appointment there"),
    "shown_in_room": gettext_noop("a doctor showed it to them in the consult room"),
}


def action_words(action: str) -> str:
    return _(ACTIONS.get(action, OPENED))


def reason_words(reason: str) -> str:
    """Why it was allowed; empty where the trace gives no reason that we can say."""
    known = reason.partition(" ")[0]  # what follows says which room
    return _(REASONS[known]) if known in REASONS else ""


def state_words(case: Case) -> str:
    """Where the consult stands, and who has it now."""
    asked = case.asked.name if case.asked else ""
    holder = case.holder.name if case.holder else ""
    asker = case.requester.name
    if case.is_withdrawn:
        return _("The opinion was withdrawn. Dr {who} writes a new one.").format(who=holder)
    match case.status:
        case Status.SUBMITTED | Status.ROUTED:
            return _("We asked {org}. A doctor there will answer.").format(org=asked)
        case Status.ACCEPTED | Status.SCHEDULED:
            return _("Dr {who} of {org} has taken it on.").format(who=holder, org=asked)
        case Status.IN_PROGRESS:
            return _("Dr {who} of {org} is looking into it.").format(who=holder, org=asked)
        case Status.SIGNED:
            return _("The opinion is here. {who} will decide with you what to do.").format(
                who=asker
            )
        case Status.RECEIPTED | Status.CLOSED | Status.ARCHIVED:
            return _("The opinion is here, and {who} has decided.").format(who=asker)
        case Status.TRANSFERRED:
            return _("{who} refers you to a hospital instead.").format(who=asker)
        case Status.EXPIRED:
            return _("Nobody there could answer in time. {who} will ask elsewhere.").format(
                who=asker
            )
        case _:
            return _("{who} withdrew the request.").format(who=asker)


def decision_words(receipt: Receipt) -> str:
    """What the asking doctor decided on one version of the opinion."""
    sentences = {
        Receipt.Decision.ADOPTED: _("{who} follows the advice."),
        Receipt.Decision.PARTLY: _("{who} follows part of the advice."),
        Receipt.Decision.NOT_ADOPTED: _("{who} does not follow the advice."),
    }
    return sentences[Receipt.Decision(receipt.decision)].format(who=receipt.given_by.name)
