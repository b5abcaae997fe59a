"""What stands between two institutions: one asks, the other is asked."""

from uuid import UUID


class TwoSided:
    """For models with `asking` and `asked`."""

    asking_id: UUID
    asked_id: UUID

    def side_of(self, organisation_id: UUID | None) -> str:
        """ "asking", "asked", or nothing for who is no party."""
        if organisation_id == self.asking_id:
            return "asking"
        return "asked" if organisation_id == self.asked_id else ""
