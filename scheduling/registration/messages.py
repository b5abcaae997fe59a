"""What is said about contracts with a family doctor; nobody is named but staff."""

from django.utils.translation import gettext_noop as _

from telemed.notifications.messages import register


def register_all() -> None:
    """Called in ready()."""
    register("contract.applied", _("{n} sign-up requests to review {link}"), "N")
    register("contract.waiting", _("A sign-up request waits; answer by {time} {link}"), "N")
    register("contract.overdue", _("A sign-up request at {org} is overdue"), "N")
    register("contract.slow", _("Your request is not answered yet; you can also ask {org}"), "N")
    register("contract.agreed", _("{who}'s team agreed; please sign {link}"), "N")
    unsigned = _("{who}'s team waits for your signature until {date} {link}")
    register("contract.unsigned", unsigned, "N")
    register("contract.rejected", _("Not accepted: {reason}. You can choose {org} {link}"), "N")
    register("contract.refused", _("Your sign-up was not accepted: {reason}"), "N")
    register("contract.signed", _("Signed with {who}'s team until {date} {link}"), "N")
    register("contract.renewal", _("Your sign-up ends {date}; renew or not {link}"), "N")
    register("contract.ending", _("{n} sign-ups of your team end soon"), "Q")
    register("contract.lapsed", _("Your sign-up ended; renew within {n} days {link}"), "N")
    here = _("A sign-up ended on {date}: ring within {n} working days {link}")
    register("contract.lapsed_here", here, "N")
    register("contract.ended", _("The sign-up has ended: {reason}"), "N")
    register("contract.handover", _("A resident left your team: write the hand-over note"), "N")
    moved = _("Team closed: {who}, {org}, goes on. Or choose another by {date} {link}")
    register("contract.moved", moved, "N")
    left = _("Your team closed and none took over; the county sees to it {link}")
    register("contract.left", left, "N")
    received = _("{n} residents of a team that closed are yours now: tell them {link}")
    register("team.received", received, "N")
    register("team.handed_over", _("Your hand-over is done: {n} residents have a team {link}"), "N")
    register("team.left", _("{n} residents at {org} have no family doctor now {link}"), "U")
    leaderless = _("{who} left a team of {n} residents: name a leader or hand over {link}")
    register("team.leaderless", leaderless, "U")
    register("team.passed_on", _("{who} left: {n} residents are your team's now {link}"), "N")
    gone = _("{who} may not work: {n} residents need another doctor {link}")
    register("team.without_doctor", gone, "U")
    soon = _("One of you is 18 on {date} and then signs the contract alone {link}")
    register("contract.of_age_soon", soon, "N")
    own = _("You are 18: please sign your contract; it holds until {date} {link}")
    register("contract.of_age", own, "N")
    missing = _("Who turned 18 has not signed yet: ask at the next visit {link}")
    register("contract.own_missing", missing, "Q")
