"""
Become another program that dies with its parent, as a user with fewer rights where asked.

    python -I -S launch.py SIGNAL PARENT UID:GID|- PROGRAM ARGUMENT…

A program of its own and not a preexec_fn, which is unsafe beside threads. The signal is asked for
after the rights are dropped, because dropping them takes it away (prctl(2), PR_SET_PDEATHSIG).
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main(death_signal: str, parent: str, user: str, *command: str) -> None:
    """SIGNAL is what the kernel sends when the parent is gone; elsewhere than Linux nothing is."""
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    if user != "-":
        uid, gid = map(int, user.split(":"))
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if libc:
        libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
    if os.getppid() != int(parent):
        sys.exit("The parent has gone.")
    os.execv(command[0], command)


if __name__ == "__main__":
    main(*sys.argv[1:])
