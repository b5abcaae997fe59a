"""Addresses of sessions."""

from django.urls import path

from scheduling.availability.views import (
    differing,
    importing,
    moving,
    sessions,
    stopping,
    weekly,
    weeks,
)

app_name = "sessions"
urlpatterns = [
    path("", weeks.home, name="home"),
    path("<int:year>/<int:number>/", weeks.week, name="week"),
    path("month/<int:year>/<int:month>/", weeks.month, name="month"),
    path("mine/", weeks.mine, name="mine"),
    path("differences/", differing.differing, name="differing"),
    path("differences/<uuid:disagreement_id>/settle/", differing.settle, name="settle"),
    path("to-stop/", stopping.to_stop, name="to_stop"),
    path("stop/", stopping.stop_doctor, name="stop_doctor"),
    path("stopped/<uuid:together>/", stopping.stopped, name="stopped"),
    path("stopped/<uuid:together>/restore/", stopping.restore_all, name="restore_all"),
    path("new/", sessions.new, name="new"),
    path("copy/", weekly.copy, name="copy"),
    path("templates/", weekly.template_list, name="templates"),
    path("templates/add/", weekly.add, name="add"),
    path("templates/<uuid:template_id>/end/", weekly.end, name="end"),
    path("days/", weekly.days, name="days"),
    path("days/<uuid:rule_id>/remove/", weekly.remove_rule, name="remove_rule"),
    path("import/", importing.bring, name="import"),
    path("import/template.csv", importing.template, name="template"),
    path("<uuid:session_id>/", sessions.session, name="session"),
    path("<uuid:session_id>/publish/", sessions.publish, name="publish"),
    path("<uuid:session_id>/cancel/", sessions.cancel, name="cancel"),
    path("<uuid:session_id>/move/", moving.move, name="move"),
    path("<uuid:session_id>/where/", moving.where, name="where"),
    path("<uuid:session_id>/resize/", sessions.resize, name="resize"),
    path("<uuid:session_id>/stop/", sessions.stop, name="stop"),
    path("<uuid:session_id>/open-again/", stopping.open_again, name="open_again"),
    path("<uuid:session_id>/restore/", sessions.restore, name="restore"),
]
