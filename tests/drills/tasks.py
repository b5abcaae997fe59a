"""Every background task of the product, and where it would show that one was done twice."""

from telemed.celery import app

CLOCKS = ("core_clock", "about, kind, turn, rung")
NOTHING: tuple[str, str] | None = None  # overwrites, or removes what is over

# A table, and what one row of it is told apart by. A new task needs its row here.
ONCE = {
    "consult.recordings.tasks.expire_recordings_task": NOTHING,
    "consult.recordings.tasks.finish_recordings_task": ("rooms_roomevent", "room_id, seq"),
    "consult.rooms.tasks.run_media_errands_task": NOTHING,
    "consult.rooms.tasks.sweep_rooms_task": ("rooms_roomevent", "room_id, seq"),
    "records.imaging.tasks.forget_unfinished_task": NOTHING,
    "records.imaging.tasks.settle_studies_task": ("imaging_study", "study_uid"),
    "records.imaging.tasks.sweep_arrivals_task": NOTHING,
    "scheduling.availability.tasks.plan_sessions_task": (
        "availability_session WHERE template_id IS NOT NULL AND state <> 'cancelled'",
        "template_id, coalesce(of_day, day)",
    ),
    "scheduling.duties.tasks.plan_duties_task": (
        "duties_duty",
        "contract_id, rule, service, due_on",
    ),
    "scheduling.opening.tasks.prepare_openings_task": (
        "opening_opening",
        "organisation_id, opens_at",
    ),
    "scheduling.opening.tasks.steer_openings_task": NOTHING,
    "scheduling.registration.tasks.await_own_signatures_task": CLOCKS,
    "scheduling.registration.tasks.hand_over_teams_task": (
        "registration_contract WHERE channel = 'handed'",
        "replaces_id",
    ),
    "telemed.audit.tasks.seal_audit_task": ("audit_seal", "since"),
    "telemed.core.tasks.fire_clocks_task": CLOCKS,
    "telemed.core.tasks.forget_idempotency_keys_task": NOTHING,
    "telemed.core.tasks.relay_outbox_task": (
        "notifications_notification",
        "recipient_id, person_id, template, about, turn",
    ),
    "telemed.core.tasks.show_pulse_task": NOTHING,
    "telemed.notifications.tasks.deliver_task": (
        "notifications_delivery",
        "notification_id, channel",
    ),
    "telemed.notifications.tasks.tidy_deliveries_task": NOTHING,
    "telemed.oversight.tasks.raise_signals_task": ("oversight_signal", "rule, subject_id, month"),
    "telemed.oversight.tasks.watch_silence_task": (
        "oversight_silence WHERE ended_at IS NULL",
        "organisation_id",
    ),
    "telemed.staff.tasks.watch_licences_task": CLOCKS,
}
OTHERS = ("celery.", "telemed.demo.", "tests.")  # a demonstration lays its story once


def made_twice() -> dict[str, str]:
    """By task: what finds the rows that it made more than once."""
    return {
        task: f"SELECT {told_apart} FROM {rows} GROUP BY {told_apart} HAVING count(*) > 1"  # noqa: S608
        for task, (rows, told_apart) in ((task, made) for task, made in ONCE.items() if made)
    }


def registered() -> list[str]:
    app.loader.import_default_modules()
    return sorted(name for name in app.tasks if not name.startswith(OTHERS))
