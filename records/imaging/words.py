"""The viewer's words in the reader's language; pages hand them to it as JSON."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def viewer_words() -> dict[str, str]:
    """Texts by the names that static/imaging/*.js use. {…} is filled there."""
    return {
        "tools": _("Image tools"),
        "scroll": _("Scroll"),
        "window": _("Window"),
        "zoom": _("Zoom"),
        "pan": _("Pan"),
        "point": _("Point"),
        "length": _("Measure a length"),
        "region": _("Region"),
        "regionHU": _("CT value"),
        "arrow": _("Arrow"),
        "invert": _("Invert"),
        "undo": _("Undo"),
        "reset": _("Reset"),
        "series": _("Series"),
        "image": _("{modality} image {n} of {count}, {window}"),
        "preview": _("Preview, not for diagnosis"),
        "exact": _("Original precision, 16 bit"),
        "exact8": _("Original precision, 8 bit"),
        "waiting": _("The picture is coming"),
        "failed": _("The picture did not come. Press to try again."),
        "lung": _("Lung"),
        "mediastinum": _("Soft tissue"),
        "bone": _("Bone"),
        "brain": _("Brain"),
        "subdural": _("Subdural"),
        "value": _("Value"),
        "thickness": _("Thickness {mm} mm"),
        "location": _("Location {mm} mm"),
        "tilt": _("Gantry tilt {degrees}°"),
        "uneven": _("Uneven slice distance {min} to {max} mm"),
        "detector": _("Lengths are at the detector"),
        "uncalibrated": _("No scale: lengths in pixels"),
        "male": _("Male"),
        "female": _("Female"),
        "years": _("{n} years"),
        "photo": _("Photo"),
        "paper_ecg": _("Photograph of a paper ECG: not measured"),
        "attached": _("{what}, {n} of {count}"),
        "document": _("A PDF is no picture. It opens on a page of its own."),
        "openDocument": _("Open the PDF"),
        "study": _("Examination"),
        "sideBySide": _("Side by side"),
        "linked": _("Scroll together"),
        "side": _("Picture {n}"),
        "sides": _("Which picture"),
        "keyImage": _("Key image"),
        "keyImages": _("Key images"),
        "removeKeyImage": _("Remove the key image: {what}"),
        "keeping": _("Being kept…"),
        "kept": _("Kept with the consult"),
        "gone": _("Taken away"),
        "unsent": _("Waiting to be sent; it is not lost and goes by itself"),
        "notKept": _("It was not kept. Try again."),
        "oneMore": _("1 new image has come: show it"),
        "more": _("{n} new images have come: show them"),
        "newStudy": _("New here: {what}"),
        "arrowLabel": _("What the arrow shows"),
        "ecgTools": _("ECG tools"),
        "ecgMove": _("Move"),
        "caliperTime": _("Time caliper"),
        "caliperMarch": _("March out"),
        "caliperVolt": _("Millivolt"),
        "perMinute": _("{n}/min"),
        "earlier": _("Earlier"),
        "later": _("Later"),
        "ecg_speed": _("Paper speed"),
        "ecg_gain": _("Gain"),
        "ecg_layout": _("Layout of the leads"),
        "filter": _("Filter 40 Hz"),
        "filterOn": _("Filtered at 40 Hz"),
        "filterOff": _("Not filtered"),
        "ecgComing": _("The ECG is coming"),
        "ecgScale": _(
            "{speed} mm/s, {gain} mm/mV: a small square is {ms} ms and {mv} mV (size: {share}%)"
        ),
        "ecgPart": _("{from} to {to} s of {all} s"),
        "ecgSpoken": _(
            "ECG with {leads} leads, {from} to {to} seconds, {speed} mm/s, {gain} mm/mV"
        ),
    }


def upload_words() -> dict[str, str]:
    """The same for the upload page."""
    return {
        "waiting": _("Waiting"),
        "sending": _("Sending"),
        "continuing": _("Going on at {share}%"),
        "yields": _("Gives way to your call; goes on by itself. {share}%"),
        "checking": _("Checking"),
        "kept": pgettext("upload", "Kept"),
        "already": _("Already here"),
        "stopped": _("Stopped"),
        "cancel": _("Cancel"),
        "retry": _("Try again"),
        "lost": _("The line broke. Nothing was lost; try again."),
        "cut": _("The line broke. {share}% has arrived; it goes on from there."),
        "tooLarge": _("The file is larger than {limit} MB."),
        "refused": _("Not accepted"),
        "more": _("and {n} more"),
        "progress": _("{done} of {count} files, {share}%"),
        "open": _("Open the images"),
        "pictures": _("{n} pictures"),
    }


def attaching_words() -> dict[str, str]:
    """The same for the control that takes photographs and PDFs."""
    return {
        "shrinking": _("Made smaller"),
        "waiting": _("Waiting"),
        "sending": _("Sending"),
        "continuing": _("Going on at {share}%"),
        "yields": _("Gives way to your call; goes on by itself. {share}%"),
        "checking": _("Checking"),
        "kept": _("Kept as: {what}"),
        "already": _("Already here: {what}"),
        "stopped": _("Stopped"),
        "cancel": _("Cancel"),
        "retry": _("Try again"),
        "lost": _("The line broke. Nothing was lost; try again."),
        "tooLarge": _("The file is larger than {limit} MB."),
        "busy": _("It is sent as soon as the picture has arrived."),
        "person": _("Choose the patient first."),
        "unknown": _(
            "Somebody without a record: send first, then add the picture to the new record."
        ),
        "pressAgain": _(
            "It is sent as soon as the picture has arrived. Press again to send without it."
        ),
    }
