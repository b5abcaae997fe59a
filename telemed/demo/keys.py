"""What must stay secret and must never be lost: made once, kept in the data folder."""

import json
import secrets
from pathlib import Path

from telemed.demo.refusals import Refusal

FILE = "secrets.json"
NAMES = ("secret_key", "field_key", "superuser_password", "owner_password", "app_password")


def kept(data: Path, *, cluster: Path | None) -> dict[str, str]:
    """The folder's secrets. Without them an existing database cannot be read: never made anew."""
    path = data / FILE
    if path.exists():
        return json.loads(path.read_text())
    if cluster and cluster.exists() and cluster.parent != data:
        # The data folder was deleted to start afresh; what it left elsewhere can't be read.
        cluster.replace(cluster.with_name(f"postgres.left-{cluster.stat().st_ino}"))
    elif cluster and cluster.exists():
        raise Refusal(
            f"{path} is missing, and the database in {cluster} cannot be read without it:"
            " restore the file from the backup, or move that database away."
        )
    made = {name: secrets.token_urlsafe(48) for name in NAMES}
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(made, indent=1))
    draft.replace(path)
    return made
