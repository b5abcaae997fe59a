"""The loop of the child: takes limits on itself first, then one request after the other."""

import contextlib
import ctypes
import os
import resource
import select
import signal
import sys
import warnings
from collections.abc import Callable
from typing import Any

MEMORY = 1 << 30  # of address space
LONGEST_WRITE = 1 << 30  # one unpacked member
LIFETIME_CPU = 3600  # seconds
IDLE = 120  # seconds without a request, then it leaves
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


def answer(request: dict[str, Any]) -> bytes:
    from records.imaging.reader import archive, header, pixels, wire

    operations: dict[str, Callable[..., tuple[dict[str, Any], bytes]]] = {
        "inspect": header.inspect,
        "frame": pixels.frame,
        "preview": pixels.preview,
        "unpack": archive.unpack,
    }
    try:
        allow_cpu(request.pop("cpu"))
        said, body = operations[request.pop("do")](**request)
        return wire.pack({"ok": said}, body)
    except wire.Refused as refusal:
        return wire.pack({"refused": refusal.code, "facts": refusal.facts})
    except MemoryError:
        return wire.pack({"refused": "too_big", "facts": {}})
    except RecursionError:
        return wire.pack({"refused": "too_deep", "facts": {}})
    except Exception as error:  # noqa: BLE001 - whatever a broken file does to a parser, it says so
        return wire.pack({"refused": "unreadable", "facts": {"error": type(error).__name__}})


def main() -> None:
    warnings.simplefilter("ignore")
    confine()
    from records.imaging.reader import wire

    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get between the answers
    while select.select([requests], [], [], IDLE)[0]:
        request = wire.receive(requests)
        if request is None:
            return
        answers.write(answer(request))
        answers.flush()


if __name__ == "__main__":
    main()
