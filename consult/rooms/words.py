"""What the room's script says, in the language of the page."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from records.imaging.models import Attachment


def part_names() -> list[tuple[str, str]]:
    """The parts of a room's record, as its page filters them."""
    return [
        ("chat", pgettext("room", "Messages")),
        ("people", _("People")),
        ("images", _("Images")),
        ("line", pgettext("room", "Line")),
    ]


def visit_words() -> dict[str, str]:
    """The same in a visit by video, where the other side is the patient, or the doctor."""
    return page_words() | {
        "live": _("You are both here; the visit has begun"),
        "held_alone": _("The other side lost the line; the place is kept"),
        "resumed": _("The visit goes on"),
        "knocked": _("{who} is at the door"),
        "over_ended": _("The visit is over."),
        "over_absent": _("This visit is over, was moved, or your link was replaced."),
        "over_signedout": _("Your link opens this room no longer: it was replaced or has ended."),
        "over_more": _("Microphone and camera are off."),
    }


def device_words() -> dict[str, str]:
    """Of devices that are chosen, plugged in and pulled out; {device} is its own name."""
    return {
        "systems_own": _("As the system says"),
        "mic_instead": _("The microphone is gone; now {device} is used."),
        "camera_instead": _("The camera is gone; now {device} is used."),
        "mic_back": _("The microphone {device} is back and is used again."),
        "camera_back": _("The camera {device} is back and is used again."),
        "speaker_gone": _("The loudspeaker is gone; you hear by the system's own."),
        "speaker_back": _("The loudspeaker {device} is back and is used again."),
        "apart": _(
            "No connection to the room for ten minutes: your microphone and camera were turned off."
        ),
        "apart_over": _("You are back. Microphone and camera are off; turn them on yourself."),
    }


def check_words() -> dict[str, str]:
    """Of the test before one enters."""
    return {
        "check_runs": _("The line is being measured…"),
        "check_speak": _("Say something now: you hear yourself in a moment…"),
        "check_plays": _("This is how the others hear you. Did you hear yourself?"),
        "check_plays_relay": _(
            "This is how the others hear you, over the relay. Did you hear yourself?"
        ),
        "check_heard": _("Good: microphone, line and loudspeaker work."),
        "check_silent": _("Choose another microphone or loudspeaker above and test again."),
        "check_no_way": _("Sound found no way out and back; you can write, or call by phone."),
        "check_line": _("Up {up}, down {down}, delay {delay} ms, lost {loss}%."),
        "check_again": pgettext("line", "Test again"),
        "bears_video": _("Good for video"),
        "bears_sound": _("Good for sound; the picture will be stills"),
        "bears_text": _("Text only: have the phone ready"),
        "ready_video": _("Tested: good for video"),
        "ready_sound": _("Tested: sound and stills"),
        "ready_text": _("Tested: text only"),
        "ready_silent": _("heard nothing of themselves"),
    }


def screen_words() -> dict[str, str]:
    """Of a screen that is shared."""
    return {
        "screen_share": _("Share the screen"),
        "screen_stop": _("Stop sharing"),
        "screen_of": _("{who} shares the screen"),
        "screen_over": _("{who} shares the screen no longer"),
        "screen_mine": _("You share your screen"),
        "screen_taken": _("{who} shares the screen now; one at a time."),
        "screen_failed": _("This browser could not show the screen; try a single window."),
        "line_screen": _("Shares the screen"),
    }


def page_words() -> dict[str, str]:
    """By the names that room.js knows; {…} are filled there."""
    return {
        "you": _("You"),
        "signed": _("The opinion is signed; the asking doctor was told."),
        "signed_by": _("{who} signed the opinion"),
        "signed_again": _("{who} signed version {n} of the opinion"),
        "asked_by": _("{who} asked for more"),
        "meets_at": _("{who} agreed to meet: {to}"),
        "meets_instead": _("{who} agreed to meet: {to} instead of {former}"),
        "somebody": _("Somebody"),
        "good": pgettext("device", "Good"),
        "only_listen": _("Listen and write"),
        "only_voice": _("Voice only"),
        "mic_good": _("We can hear you"),
        "mic_denied": _(
            "The browser gives no permission. Click the lock left of the address and allow the"
            " microphone; you may enter without it."
        ),
        "mic_missing": _("No microphone found; you can listen and write."),
        "mic_busy": _("Another program uses the microphone; close it and load this page again."),
        "mic_insecure": _("This address is not secure, so the browser gives no microphone."),
        "mic": _("Microphone"),
        "camera": _("Camera"),
        "speaker": _("Loudspeaker"),
        **device_words(),
        **check_words(),
        **screen_words(),
        "mic_gone": _("The microphone is gone; you can listen and write."),
        "camera_gone": _("The camera is gone; voice and pictures still work."),
        "camera_good": _("The camera works"),
        "camera_denied": _(
            "The browser gives no permission. Click the lock left of the address and allow the"
            " camera; you may enter without it."
        ),
        "camera_missing": _("No camera found; voice and pictures still work."),
        "camera_busy": _("Another program uses the camera; close it and load this page again."),
        "camera_insecure": _("This address is not secure, so the browser gives no camera."),
        "take_back": _("Take back"),
        "taken_back": pgettext("message", "Taken back"),
        "let_observer": _("Let observe"),
        "let_interpreter": _("Let interpret"),
        "coordinators_told": _("The coordinators were told that a doctor is missing"),
        "dial": _("Nobody came; dial {who}: {phone}"),
        "dial_them": _("Nobody came; dial {who}"),
        "dial_line": _("The line bears no call; dial {who}: {phone}"),
        "dial_line_them": _("The line bears no call; dial {who}"),
        "waiting": _("Waiting to be sent; it is not lost and goes by itself"),
        "summed_up": _("Earlier messages were left out"),
        "came": _("{who} came in"),
        "came_back": _("{who} is back"),
        "went_away": _("{who} lost the line; the place is kept"),
        "left": _("{who} left the room"),
        "removed_other": _("{who} was removed"),
        "live": _("Both sides are here; the consult has begun"),
        "invited": _("{who} was invited"),
        "knocked": _("{who} asks to come in"),
        "was_let_in": _("{who} may come in"),
        "turned_away": _("{who} was not let in"),
        "held": _("On hold: {reason}"),
        "held_alone": _("On hold: a doctor is missing"),
        "resumed": _("The consult goes on"),
        "called": _("{who} told both sides that a doctor is missing"),
        "hold": pgettext("room", "Hold"),
        "resume": _("Go on"),
        "knocks": _("asks to come in"),
        "was_invited": _("invited"),
        "let_in": _("Let in"),
        "not_now": _("Not now"),
        "as_interpreter": pgettext("room", "Interpreter"),
        "as_observer": pgettext("room", "Observer"),
        "as_resident": pgettext("room", "Patient"),
        "link_new": _("New link"),
        "link_end": _("Take back"),
        "no_line": _("The line is gone; please try again."),
        "typing": _("{who} is writing…"),
        "told_video": _("{who}: picture and voice"),
        "told_still": _("{who}: weak line, voice and stills"),
        "told_audio": _("{who}: weak line, voice only"),
        "told_text": _("{who}: very weak line, text only"),
        "told_shared": _("{who}: thin line, the picture goes to {to} alone"),
        "lost": _("The line is gone; we are coming back."),
        "lost_more": _("Your place is kept, and so is everything you wrote."),
        "over_ended": _("This room has ended."),
        "over_removed": _("You were removed from this room."),
        "over_replaced": _("You opened this room in another window."),
        "over_absent": _("You no longer belong to this consult."),
        "over_signedout": _("You were signed out."),
        "over_more": _("Microphone and camera are off. The consult itself goes on."),
        "weak_still": _("Weak line: the picture was stopped to keep the voice"),
        "weak_audio": _("Weak line: the picture was stopped to keep the voice"),
        "weak_text": _("Very weak line: write, or call by phone"),
        "weak_more": _("{kbit} kbit/s, delay {delay} s. It returns after 20 good seconds."),
        "engine_took": _("More than four are here: picture and voice go over the media server"),
        "engine_away": _("The media server does not answer: picture and voice reach four"),
        "shared": _("Thin line: your picture goes to {to} alone"),
        "shared_more": _("The others hear you and see a still every few seconds."),
        "crowded": _("More than four are here: you write and see the images"),
        "crowded_more": _("Picture and voice reach four, the doctors first."),
        "line_elsewhere": _("Thin line: stills and voice"),
        "line_video": _("Good line"),
        "line_still": _("Pictures and voice"),
        "line_audio": _("Voice only"),
        "line_text": _("Text only"),
        "only_text": _("Text only"),
        "connecting": _("Connecting…"),
        "away": _("Away"),
        "still": _("Still, {n} s ago"),
        "mute": _("Mute"),
        "muted": _("Muted"),
        "no_mic": _("No microphone"),
        "camera_off": _("Turn camera off"),
        "camera_is_off": _("Camera is off"),
        "no_camera": _("No camera"),
        "you_lead": _("You lead; the others follow"),
        "follow": _("{who} leads; you follow"),
        "alone": _("{who} leads; you look around alone"),
        "nobody_leads": _("Nobody leads; each looks for themselves"),
        "take_lead": _("Lead"),
        "let_go": _("Stop leading"),
        "look_alone": _("Look around alone"),
        "back_to_lead": _("Follow again"),
        "shows": _("{who} shows the images; you see the same"),
        "nobody_shows": _("Nobody shows images now"),
        "wait_shown": _("When a doctor leads, the images come here by themselves."),
        "shown_failed": _("The images did not come; they are asked for again."),
        **{f"attached_{kind.value}": str(kind.label) for kind in Attachment},
        "study_came": _("{who} added: {what}"),
        "files_came": _("{who} added {n}: {what}"),
        "no_images": _("No images go along with this consult."),
        "no_viewer": _("The images could not be shown here. Everything else works."),
    }
