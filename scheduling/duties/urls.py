"""Addresses of the duties of a family doctor."""

from django.urls import path

from scheduling.duties import views

app_name = "duties"
ONE = "<uuid:duty_id>/"
urlpatterns = [
    path("", views.day, name="day"),
    path("mine/", views.mine, name="mine"),
    path("kit/", views.kit, name="kit"),
    path("taken/", views.taken, name="taken"),
    path("seal/", views.seal, name="seal"),
    path("plans/<uuid:contract_id>/", views.plan, name="plan"),
    path("plans/<uuid:contract_id>/end/", views.end_pregnancy, name="end_pregnancy"),
    path("plans/<uuid:contract_id>/end/undo/", views.undo_end, name="undo_end"),
    path("plans/<uuid:contract_id>/answer/", views.answer_proposal, name="answer_proposal"),
    path("county/", views.county, name="county"),
    path(f"county/{ONE}settle/", views.settle_for_county, name="settle_for_county"),
    path(ONE, views.duty, name="duty"),
    path(f"{ONE}serve/", views.serve, name="serve"),
    path(f"{ONE}add/", views.add, name="add"),
    path(f"{ONE}take-back/", views.take_back, name="take_back"),
    path(f"{ONE}waive/", views.waive, name="waive"),
    path(f"{ONE}settle/", views.settle, name="settle"),
    path(f"{ONE}confirm/", views.confirm, name="confirm"),
    path(f"{ONE}dispute/", views.dispute, name="dispute"),
]
