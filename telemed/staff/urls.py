"""Addresses of staff."""

from django.urls import path

from telemed.staff.views import importing, joining, people, verifying

app_name = "staff"
urlpatterns = [
    path("", people.people, name="list"),
    path("invite/", people.invite, name="invite"),
    path("verify/", verifying.queue, name="queue"),
    path("verify/<uuid:entry_id>/", verifying.verify, name="verify"),
    path("verify/<uuid:entry_id>/back/", verifying.send_back, name="send_back"),
    path("join/<str:token>/", joining.join, name="join"),
    path("import/", importing.choose, name="import"),
    path("import/template.csv", importing.template, name="template"),
    path("import/<uuid:upload_id>/", importing.look, name="upload"),
    path("import/<uuid:upload_id>/bad.csv", importing.bad, name="bad"),
    path("roles/<uuid:role_id>/end/", people.end_role, name="end_role"),
    path("<uuid:user_id>/", people.person, name="person"),
    path("<uuid:user_id>/licence/", people.licence, name="licence"),
    path("<uuid:user_id>/licence/<slug:act>/", verifying.change, name="change"),
    path("<uuid:user_id>/invite/", people.invite_again, name="invite_again"),
    path("<uuid:user_id>/roles/", people.give_role, name="give_role"),
    path("<uuid:user_id>/unlock/", people.unlock, name="unlock"),
    path("<uuid:user_id>/close/", people.close, name="close"),
    path("<uuid:user_id>/reopen/", people.reopen, name="reopen"),
    path("<uuid:user_id>/sessions/<int:session_id>/end/", people.end_session, name="end_session"),
]
