"""What a photograph of a page is: where, as whom, after which acts."""

from dataclasses import dataclass

PATIENT_OF = {initials: f"/patients/?q={initials}" for initials in ("chy", "wjh", "lxm")}
FAMILY = ("main .pt a",)


@dataclass(frozen=True)
class Shot:
    """A page by its address, or by what one does there to reach it, in order."""

    name: str
    path: str
    role: str | None = None  # signs in as the demonstration account of that role, or of that name
    steps: tuple[str | tuple[str, str], ...] = ()  # what is clicked (CSS), or filled in with what
    by_worker: bool = False  # what it shows, a worker brings
