"""All addresses."""

from django.urls import URLPattern, include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("oversight/", include("telemed.oversight.urls")),
    path("my/", include("consult.residents.urls")),
    path("", include("consult.opinions.urls")),
]
websocket_urlpatterns: list[URLPattern] = []
