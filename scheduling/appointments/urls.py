"""Addresses of booking."""

from django.urls import path

from scheduling.appointments.consumers import BoardConsumer
from scheduling.appointments.views import (
    arriving,
    batches,
    boards,
    booking,
    holding,
    points,
    trips,
    waiting,
)

app_name = "booking"
urlpatterns = [
    path("", booking.find, name="find"),
    path("mine/", booking.mine, name="mine"),
    path("day/", booking.day, name="day"),
    path("day/person/", arriving.person, name="person"),
    path("day/next/", arriving.call_next, name="next"),
    path("in/<str:code>/", arriving.arrival, name="arrival"),
    path("board/", boards.boards, name="boards"),
    path("board/<uuid:board_id>/end/", boards.end, name="end_board"),
    path("board/<str:token>/", boards.board, name="board"),
    path("batch/", batches.draft, name="batch"),
    path("batch/send/", batches.send, name="send_batch"),
    path("batch/<uuid:batch_id>/", batches.result, name="batch_result"),
    path("batch/<uuid:batch_id>/go-on/", batches.go_on, name="go_on_batch"),
    path("batch/<uuid:batch_id>/slips/", batches.slips, name="batch_slips"),
    path("batch/<uuid:batch_id>/sheet/", batches.sheet, name="batch_sheet"),
    path("batch/rows/<uuid:row_id>/<str:act>/", batches.act, name="batch_act"),
    path("held/", holding.held, name="held"),
    path("hold/", booking.hold, name="hold"),
    path("held/<uuid:appointment_id>/confirm/", holding.confirm, name="confirm"),
    path("held/<uuid:appointment_id>/give-back/", holding.give_back, name="give_back"),
    path("held/<uuid:appointment_id>/over/", holding.over, name="hold_over"),
    path("departments/<uuid:department_id>/", booking.times, name="times"),
    path("departments/<uuid:department_id>/trip/", trips.trip, name="trip"),
    path("<uuid:appointment_id>/trip/", trips.examinations, name="examinations"),
    path("<uuid:appointment_id>/trip/move/", trips.move_trip, name="move_trip"),
    path("<uuid:appointment_id>/trip/cancel/", trips.cancel_trip, name="cancel_trip"),
    path("<uuid:appointment_id>/trip/undo/", trips.undo_trip, name="undo_trip"),
    path("points/", points.points, name="points"),
    path("points/<uuid:strike_id>/appeal/", points.appeal, name="appeal"),
    path("appeals/", points.appeals, name="appeals"),
    path("appeals/<uuid:appeal_id>/decide/", points.decide, name="decide"),
    path("appeals/waive/", points.waive, name="waive"),
    path("<uuid:appointment_id>/correct/", points.correct, name="correct"),
    path("departments/<uuid:department_id>/wait/", waiting.join, name="join"),
    path("waiting/<uuid:appointment_id>/", waiting.entry, name="waiting"),
    path("waiting/<uuid:appointment_id>/grade/", waiting.grade, name="grade"),
    path("waiting/<uuid:appointment_id>/<str:answer>/", waiting.answer, name="answer"),
    path("<uuid:appointment_id>/", booking.ticket, name="ticket"),
    path("<uuid:appointment_id>/calendar.ics", booking.calendar, name="calendar"),
    path("<uuid:appointment_id>/cancel/", booking.cancel, name="cancel"),
    path("<uuid:appointment_id>/rebook/", booking.rebook, name="rebook"),
    path("<uuid:appointment_id>/undo/", booking.undo, name="undo"),
    path("<uuid:appointment_id>/act/<str:act>/", booking.act, name="act"),
]
websocket_urlpatterns = [path("ws/booking/board/<str:token>/", BoardConsumer.as_asgi())]
