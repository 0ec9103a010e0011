"""The kinds of documents: what each asks for, how it looks, whether it is in order, another template tried."""

import contextlib
from typing import Final

from starlette.responses import Response

from pipeline.app import kinds_shown, page_pictures, wording
from pipeline.app.opening import opened_office
from pipeline.errors import NotAllowedNow, UnknownThing
from pipeline.kinds import Kind
from pipeline.messages import tr
from pipeline.web.visit import Visit

_MOST_PAGES: Final = 8
#: Of what another template changes so many documents are shown, and so many lines of each.
_MOST_DOCUMENTS, _MOST_LINES = 20, 12


def kinds(visit: Visit) -> Response:
    """Show the kinds in use, and those that cannot be used."""
    loaded = visit.workspace.loaded()
    return visit.page("kinds.html.j2", kinds=list(loaded.kinds.values()), broken=loaded.broken)


def kind(visit: Visit) -> Response:
    """Show one kind; its check where it is asked for."""
    return _page(visit, _kind(visit))


def try_template(visit: Visit) -> Response:
    """Say what another template would change of this year's documents; nothing is put in place."""
    wanted = _kind(visit)
    if not visit.files:
        return _page(visit, wanted, text=tr("No file was chosen."), status=422)
    limit = visit.workspace.practice.limits.form_bytes
    content = visit.files[0].file.read(limit + 1)
    if len(content) > limit:
        name = visit.files[0].filename or ""
        said = tr("{file} is larger than {most} MB.", file=name, most=limit // 1_000_000)
        return _page(visit, wanted, text=said, status=422)
    tried = kinds_shown.tried(visit.workspace, wanted, visit.files[0].filename or "", content)
    return _page(visit, wanted, tried=tried, status=422 if tried.problems else 200)


def draw(visit: Visit) -> Response:
    """Draw the pages of a kind's sample by LibreOffice. Raises NotAllowedNow where there is none."""
    wanted, settings = _kind(visit), visit.office.settings
    with contextlib.ExitStack() as stack:
        stack.enter_context(visit.office.drawing)
        office = stack.enter_context(opened_office(settings)) if settings is not None else None
        if office is None:
            raise NotAllowedNow(tr("LibreOffice is switched off or not installed: no page can be drawn."))
        kinds_shown.draw(visit.workspace, wanted, office)
    return visit.go(f"/loai/{wanted.id}#trang")


def page(visit: Visit) -> Response:
    """Give the picture of one page of a kind's sample. Raises UnknownThing where there is none."""
    number, path = visit.request.path_params["page"], kinds_shown.drawn(visit.workspace, _kind(visit))
    picture = b""
    if path is not None and number <= _MOST_PAGES:
        picture = page_pictures.page_picture(visit.workspace.guard, path, number)
    if not picture:
        raise UnknownThing(tr("There is no page {page}.", page=number))
    return Response(picture, media_type="image/png")


def _kind(visit: Visit) -> Kind:
    found = visit.workspace.loaded().kinds.get(visit.request.path_params["kind"])
    if found is None:
        raise UnknownThing(tr("There is no such kind."))
    return found


def _page(
    visit: Visit, wanted: Kind, *, text: str = "", status: int = 200, tried: kinds_shown.Tried | None = None
) -> Response:
    return visit.page(
        "kind.html.j2",
        status,
        kind=wanted,
        fields=list(kinds_shown.fields_of(wanted)),
        rules=kinds_shown.rules_of(wanted),
        pages=_pages(visit, wanted),
        check=kinds_shown.checked(visit.workspace, wanted) if visit.asked("kiem") and tried is None else None,
        tried=tried,
        text=text,
        most_documents=_MOST_DOCUMENTS,
        most_lines=_MOST_LINES,
        replayed=wording.replayed,
        folder=f"{visit.workspace.folders.templates.name}/{wanted.id}/template.docx",
    )


def _pages(visit: Visit, wanted: Kind) -> int:
    path = kinds_shown.drawn(visit.workspace, wanted)
    if path is None:
        return 0
    return min(page_pictures.page_count(visit.workspace.guard, path), _MOST_PAGES)
