"""Addresses of cases."""

from django.urls import path

from consult.requests.views import asking, cases, emergency, joint, lists, passing, together

app_name = "requests"
urlpatterns = [
    path("", lists.case_list, name="list"),
    path("assign/", lists.assign_many, name="assign_many"),
    path("new/", asking.begin, name="new"),
    path("emergency/", emergency.emergency, name="emergency"),
    path("emergency/recent/", emergency.recent, name="recent"),
    path("emergency/kit/", emergency.kit, name="kit"),
    path("routes/", asking.routes, name="routes"),
    path("<uuid:case_id>/", cases.case, name="case"),
    path("<uuid:case_id>/arriving/", cases.arriving, name="arriving"),
    path("<uuid:case_id>/edit/", asking.edit, name="edit"),
    path("<uuid:case_id>/save/", asking.save, name="save"),
    path("<uuid:case_id>/consent/", asking.consent, name="consent"),
    path("<uuid:case_id>/refuse/", asking.refuse, name="refuse"),
    path("<uuid:case_id>/send/", asking.send, name="send"),
    path("<uuid:case_id>/unsend/", asking.unsend, name="unsend"),
    path("<uuid:case_id>/complete/", asking.complete, name="complete"),
    path("<uuid:case_id>/cancel/", asking.cancel, name="cancel"),
    path("<uuid:case_id>/uncancel/", asking.uncancel, name="uncancel"),
    path("<uuid:case_id>/substitute/", asking.substitute, name="substitute"),
    path("<uuid:case_id>/receipt/", asking.receipt, name="receipt"),
    path("<uuid:case_id>/close/", asking.close, name="close"),
    path("<uuid:case_id>/outcome/", asking.outcome, name="outcome"),
    path("<uuid:case_id>/follow/", asking.follow, name="follow"),
    path("<uuid:case_id>/accept/", cases.accept, name="accept"),
    path("<uuid:case_id>/decline/", cases.decline, name="decline"),
    path("<uuid:case_id>/assign/", cases.assign, name="assign"),
    path("<uuid:case_id>/pass-on/", passing.pass_on, name="pass_on"),
    path("<uuid:case_id>/route/", cases.route, name="route"),
    path("<uuid:case_id>/mdt/", joint.plan, name="mdt"),
    path("<uuid:case_id>/replace/", joint.replace, name="replace"),
    path("<uuid:case_id>/promise/", cases.promise, name="promise"),
    path("<uuid:case_id>/hand-over/", cases.hand_over, name="hand_over"),
    path("<uuid:case_id>/return/", cases.give_back, name="return"),
    path("<uuid:case_id>/ask/", together.ask, name="ask"),
    path("<uuid:case_id>/questions/<uuid:question_id>/", together.answer, name="answer"),
    path("<uuid:case_id>/questions/<uuid:question_id>/unask/", together.unask, name="unask"),
    path("<uuid:case_id>/time/", together.propose, name="propose"),
    path("<uuid:case_id>/time/<uuid:meeting_id>/", together.agree, name="agree"),
    path("<uuid:case_id>/mode/", together.mode, name="mode"),
    path("<uuid:case_id>/regrade/", together.regrade, name="regrade"),
]
