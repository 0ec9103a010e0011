"""One's own account: another password, and going out."""

from starlette.responses import Response

from pipeline.app import people
from pipeline.errors import ConfigError
from pipeline.messages import tr
from pipeline.web.entering import COOKIE, token_of
from pipeline.web.visit import Visit


def password(visit: Visit) -> Response:
    """Ask for another password."""
    return _asked(visit)


def change(visit: Visit) -> Response:
    """Take another password; all sessions end, this one too."""
    new = visit.form.get("new", "")
    if not isinstance(new, str) or new != visit.form.get("again", ""):
        return _asked(visit, tr("The new password was not written alike both times."))
    if not people.is_password(visit.workspace, visit.person, str(visit.form.get("password", ""))):
        return _asked(visit, tr("The present password is not right."))
    try:
        people.set_password(visit.workspace, visit.person.name, new)
    except ConfigError as trouble:
        return _asked(visit, str(trouble))
    return _out(visit)


def leave(visit: Visit) -> Response:
    """Let a person out."""
    people.leave(visit.workspace, visit.person, token_of(visit.request))
    return _out(visit)


def _asked(visit: Visit, text: str = "") -> Response:
    least = people.LEAST_CHARACTERS
    return visit.page("password.html.j2", 422 if text else 200, text=text, least=least)


def _out(visit: Visit) -> Response:
    response = visit.go("/vao?ra=1" if visit.office.provider is not None else "/vao")
    response.delete_cookie(COOKIE, httponly=True, samesite="lax")
    return response
