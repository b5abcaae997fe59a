"""Writes on opinions."""

from consult.opinions.services.drafting import save_draft, start_amendment
from consult.opinions.services.signing import sign_opinion

__all__ = ["save_draft", "sign_opinion", "start_amendment"]
