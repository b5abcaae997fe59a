"""Addresses of emergency access and its review."""

from django.urls import path

from records.consent.views import breakglass

app_name = "breakglass"
urlpatterns = [
    path("", breakglass.find, name="find"),
    path("<uuid:patient_id>/", breakglass.open_record, name="open"),
    path("sessions/<uuid:break_glass_id>/end/", breakglass.end, name="end"),
    path("reviews/", breakglass.reviews, name="reviews"),
    path("reviews/<uuid:break_glass_id>/", breakglass.review, name="review"),
]
