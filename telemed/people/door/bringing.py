"""For doors: a page on which somebody brings rows as CSV, and the empty sheet for them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from telemed.audit import refusals
from telemed.core import bringing, tables
from telemed.core.errors import DomainError
from telemed.core.intentions import intention
from telemed.people.sessions import SignedIn

SHOWN = 200  # mistakes
PATIENCE = 20_000  # ms; a thousand rows are one intention

B = TypeVar("B", bound=bringing.Brought)


@dataclass(frozen=True, kw_only=True)
class Sheet(Generic[B]):
    """
    What one page takes. `name` names its template, its trace and its file; `said` is a msgid
    with {n} and {known}; `onward` is where one goes when the rows are in.
    """

    name: str
    columns: Sequence[tables.Column]
    example: Sequence[str]
    bring: Callable[..., B]  # a service: actor, content, only_good
    said: str
    onward: Callable[[SignedIn, B], HttpResponse]

    def answer(self, request: SignedIn) -> HttpResponse:
        """The page; mistakes come back by row and column, and nothing is stored."""
        error: DomainError | None = None
        if request.method == "POST":
            try:
                return self._stored(request, self._bring(request))
            except DomainError as refused:
                error = refused
                action = f"{self.name}:import"
                refusals.note(request.user, door="web", action=action, error=refused)
        mistakes = error.mistakes[:SHOWN] if isinstance(error, bringing.Mistaken) else []
        context = {"error": error, "mistakes": mistakes, "columns": self.headings()}
        status = 422 if error else 200
        return render(request, f"{self.name}/import.html", context, status=status)

    def empty(self) -> HttpResponse:
        """The sheet to fill in, with one row that shows how."""
        content = tables.write(self.headings(), [self.example])
        response = HttpResponse(content, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="telemed-{self.name}.csv"'
        return response

    def headings(self) -> list[str]:
        """In the reader's language."""
        language = translation.get_language() or "zh-hans"
        return [column.heading(language) for column in self.columns]

    def _bring(self, request: SignedIn) -> B:
        content = bringing.content_of(request.FILES.get("file"))
        only_good = request.POST.get("only_good") == "on"
        with intention(request.user, door="web", timeout_ms=PATIENCE):
            return self.bring(actor=request.user, content=content, only_good=only_good)

    def _stored(self, request: SignedIn, brought: B) -> HttpResponse:
        sentence = _(self.said)
        messages.success(request, sentence.format(n=brought.stored, known=brought.known))
        if brought.left_out:
            messages.warning(request, brought.left_out)
        return self.onward(request, brought)
