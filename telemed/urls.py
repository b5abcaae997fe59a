"""All addresses."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from consult.guests import urls as guests
from consult.rooms import urls as rooms
from consult.visits import urls as visits
from scheduling.appointments import urls as booking
from telemed.notifications.consumers import InboxConsumer
from telemed.notifications.views import inbox

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("telemed.web.urls")),
    path("", include("telemed.web.health_urls")),
    path("accounts/desk/", include("telemed.desks.urls")),
    path("accounts/", include("telemed.people.urls")),
    path("accounts/", include("allauth.urls")),
    path("inbox/", include("telemed.notifications.urls")),
    path("m/<str:link>", inbox.link, name="message_link"),  # short: it stands in an SMS
    path("organisations/", include("telemed.organisations.urls")),
    path("staff/", include("telemed.staff.urls")),
    path("rota/", include("telemed.rota.urls")),
    path("patients/pairs/", include("records.mpi.urls")),
    path("patients/low-income/", include("records.mpi.low_income_urls")),
    path("patients/", include("records.consent.urls")),
    path("patients/", include("records.chart.urls")),
    path("patients/", include("records.family.urls")),
    path("who-opened/", include("records.consent.looks_urls")),
    path("emergency-access/", include("records.consent.breakglass_urls")),
    path("images/", include("records.imaging.urls")),
    path("sessions/", include("scheduling.availability.urls")),
    path("booking/opening/", include("scheduling.opening.urls")),
    path("booking/", include("scheduling.appointments.urls")),
    path("family-doctor/duties/", include("scheduling.duties.urls")),
    path("family-doctor/", include("scheduling.registration.urls")),
    path("referrals/", include("scheduling.referrals.urls")),
    path("utilisation/", include("scheduling.utilisation.urls")),
    path("green/", include("scheduling.greens.urls")),
    path("rooms/", include("consult.rooms.urls")),
    path("", include("consult.visits.urls")),
    path("recordings/", include("consult.recordings.urls")),
    path("", include("consult.guests.urls")),
    path("", include("consult.opinions.urls")),
    path("cases/", include("consult.archive.urls")),
    path("credit/", include("consult.credit.urls")),
    path("cases/", include("consult.keyimages.urls")),
    path("my/", include("consult.residents.urls")),
    path("devices/", include("telemed.devices.urls")),
    path("upkeep/", include("telemed.upkeep.urls")),
    path("oversight/", include("telemed.oversight.urls")),
    path("cases/", include("consult.requests.urls")),
]
if settings.DEMO:
    urlpatterns += [path("demo/", include("telemed.demo.urls"))]
handler400 = "telemed.web.error_pages.bad_request"
handler403 = "telemed.web.error_pages.permission_denied"
handler404 = "telemed.web.error_pages.page_not_found"
handler500 = "telemed.web.error_pages.server_error"
websocket_urlpatterns: list[URLPattern] = [
    *rooms.websocket_urlpatterns,
    *visits.websocket_urlpatterns,
    *guests.websocket_urlpatterns,
    *booking.websocket_urlpatterns,
    path("ws/inbox/", InboxConsumer.as_asgi()),
]
