"""The loop of the child: takes limits on itself first, then one request after the other."""

import contextlib
import ctypes
import os
import resource
import select
import signal
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any

MEMORY = 1 << 30  # of address space
LONGEST_WRITE = 1 << 30  # one unpacked member
LIFETIME_CPU = 3600  # seconds
IDLE = 120  # seconds without a request, then it leaves
FIRST_IDLE = 900  # the same before the first one: it waits for a study
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000


def confine() -> None:
    """
    Bound what a hostile file can make of this process.

    There is no PR_SET_PDEATHSIG: it fires when the starting *thread* ends, and web threads come
    and go. The end of the pipe and the limit on processor time do the same for the process.
    """
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LONGEST_WRITE, LONGEST_WRITE))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (LIFETIME_CPU, LIFETIME_CPU))
    with contextlib.suppress(OSError, AttributeError):  # no network, where the kernel allows it
        ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER | CLONE_NEWNET)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent


def allow_cpu(seconds: int) -> None:
    """The kernel ends this process when the present request takes more than this."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (min(until, LIFETIME_CPU), LIFETIME_CPU))


def answers(request: dict[str, Any]) -> Iterator[bytes]:
    """What goes back: one answer, or parts and an end; each part has processor time of its own."""
    from records.imaging.reader import (
        archive,
        header,
        pdf,
        photo,
        pixels,
        still,
        waveform,
        wire,
        wrapping,
    )

    operations: dict[str, Callable[..., Any]] = {
        "document": pdf.document,
        "inspect": header.inspect,
        "photo": photo.kept,
        "frame": pixels.frame,
        "preview": pixels.preview,
        "redraw": pixels.redraw,
        "samples": waveform.samples,
        "still": still.as_dicom,
        "unpack": archive.unpack,
        "wrap": wrapping.wrap,
    }
    seconds = request.pop("cpu")
    try:
        allow_cpu(seconds)
        said = operations[request.pop("do")](**request)
        if isinstance(said, tuple):
            yield wire.pack({"ok": said[0]}, said[1])
            return
        for part in said:
            yield wire.pack({"part": part})
            allow_cpu(seconds)
        yield wire.pack({"ok": {}})
    except Exception as error:  # noqa: BLE001 - whatever a broken file does to a parser, it says so
        yield wire.pack(wire.refusal(error).said)


def main() -> None:
    warnings.simplefilter("ignore")
    confine()
    # All of it now, which takes half a second: who asks does not wait for it.
    from records.imaging.reader import (  # noqa: F401
        archive,
        header,
        pdf,
        photo,
        pixels,
        still,
        waveform,
        wire,
        wrapping,
    )

    requests, replies = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get between the answers
    patience = FIRST_IDLE
    while select.select([requests], [], [], patience)[0]:
        patience = IDLE
        request = wire.receive(requests)
        if request is None:
            return
        for reply in answers(request):
            replies.write(reply)
            replies.flush()


if __name__ == "__main__":
    main()
