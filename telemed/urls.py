"""All addresses."""

from django.urls import URLPattern, include, path

urlpatterns = [
    path("", include("telemed.web.urls")),
    path("accounts/", include("allauth.urls")),
    path("patients/", include("records.consent.urls")),
    path("inbox/", include("telemed.notifications.urls")),
    path("", include("telemed.web.health_urls")),
]
handler400 = "telemed.web.error_pages.bad_request"
handler403 = "telemed.web.error_pages.permission_denied"
handler404 = "telemed.web.error_pages.page_not_found"
handler500 = "telemed.web.error_pages.server_error"
websocket_urlpatterns: list[URLPattern] = []
