"""A worker whose one task asks a server that never answers."""

import os
import socket

from celery import shared_task

from telemed.celery import app

__all__ = ["app"]


@shared_task(soft_time_limit=2, time_limit=5, acks_late=False)
def ask_in_vain_task() -> None:
    with socket.create_connection(("127.0.0.1", int(os.environ["DEAF"]))) as line:
        line.recv(1)


app.conf.imports = ["tests.drills.hanging"]
app.conf.beat_schedule = {}
