"""A part of the trace to hand over: a table, and beside it the seal that it stands under."""

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from telemed.audit import queries as trace
from telemed.audit import services as audit
from telemed.audit.models import AuditRow, Seal
from telemed.core import tables
from telemed.core.errors import Conflict, Invalid
from telemed.oversight import tracing
from telemed.people.models import User

MOST = 5_000  # rows of one export
BROKEN = gettext_noop(
    "The chain is broken: nothing can be handed over as sealed. Change nothing and ring who runs "
    "the system."
)


@dataclass(frozen=True)
class Export:
    name: str
    content: bytes


def export_trace(actor: User, asked: tracing.Asked) -> Export:
    """What the page shows, as far as it is sealed; the export is traced with its own digest."""
    rows = tracing.asked_rows(actor, asked)
    chain = tracing.look_at_chain()
    if chain.seal is None:
        raise Conflict(_("Nothing is sealed yet; the first seal comes within seconds."))
    found = list(trace.sealed(rows, chain.seal)[: MOST + 1])
    if not found:
        raise Conflict(_("There is nothing of that kind in this period."))
    if len(found) > MOST:
        sentence = _("More than {n} lines; narrow it down by name or period.")
        raise Invalid(sentence.format(n=MOST), path="days")
    if chain.holds is False or any(row.digest() != row.hash for row in found):
        raise Conflict(_(BROKEN))
    table = _table(found)
    digest = hashlib.sha256(table).hexdigest()
    audit.record(action="audit.export", target=f"Export/{digest}")
    paper = _paper(actor, asked, chain.seal, len(found), digest)
    return Export(f"telemed-trace-{timezone.localtime():%Y%m%d-%H%M}.zip", _packed(table, paper))


def _table(rows: list[AuditRow]) -> bytes:
    headings = [
        *(_("When"), _("Who"), _("Role"), _("What"), _("Of what"), _("Because of"), _("Why not")),
        *(_("Reference"), _("Digest of the line"), _("Digest of its seal")),
    ]
    lines = (
        [
            *(row.at.isoformat(), line.who, line.role, row.action, row.target, row.reason),
            *(line.why_not, line.reference, row.hash, row.seal),  # type: ignore[attr-defined]
        ]
        for row, line in zip(rows, tracing.in_words(rows), strict=True)
    )
    return tables.write(headings, lines)


def _paper(
    actor: User, asked: tracing.Asked, seal: Seal, lines: int, digest: str
) -> dict[str, object]:
    organisation = actor.acting_organisation
    return {
        "institution": str(organisation) if organisation else "",
        "exported_at": timezone.now().isoformat(),
        "exported_by": actor.name,
        "days": asked.days,
        "show": asked.show or "refused",
        "name": asked.text,
        "lines": lines,
        "sha256": digest,
        "newest_seal": {"hash": seal.hash, "sealed_at": seal.sealed_at.isoformat()},
        "how_to_check": _(
            "The SHA-256 of trace.csv is the one above, and it stands in the trace itself as "
            "audit.export. audit_verify walks the chain that both are in."
        ),
    }


def _packed(table: bytes, paper: dict[str, object]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr("trace.csv", table)
        folder.writestr("seal.json", json.dumps(paper, ensure_ascii=False, indent=2))
    return out.getvalue()
