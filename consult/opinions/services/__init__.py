"""Writes on opinions."""

from consult.opinions.services.drafting import drop_amendment, save_draft, start_amendment
from consult.opinions.services.reading import read_opinion
from consult.opinions.services.signing import sign_opinion

__all__ = ["drop_amendment", "read_opinion", "save_draft", "sign_opinion", "start_amendment"]
