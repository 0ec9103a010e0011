"""The pages: of each its address, its name in the table of rights, and what answers it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from pipeline.web.pages import (
    account,
    document,
    drop,
    figures,
    filling,
    forms,
    kinds,
    life,
    machine,
    numbers,
    old_book,
    outside,
    register,
    signing,
    today,
    year,
)
from pipeline.web.visit import Visit


@dataclass(frozen=True)
class Page:
    """One address; `name` is that of its row in `rights.RIGHTS`."""

    path: str
    name: str
    answer: Callable[[Visit], Response]
    method: str = "GET"


PAGES: Final = (
    Page("/", "today", today.today),
    Page("/nam", "year", year.year),
    Page("/tha-tep", "drop", drop.drop),
    Page("/tha-tep/gui", "bring", drop.bring, "POST"),
    Page("/cho-ky", "signing", signing.signing),
    Page("/so", "register", register.register),
    Page("/so/so-cu", "old-book", old_book.old_book),
    Page("/so/so-cu", "old-book-report", old_book.report, "POST"),
    Page("/so/so-cu/vao-so", "old-book-enter", old_book.enter, "POST"),
    Page("/so/in", "register-print", register.printed),
    Page("/so/tep/{extension}", "register-file", register.file),
    Page("/thong-ke", "figures", figures.figures),
    Page("/loai", "kinds", kinds.kinds),
    Page("/loai/{kind}", "kind", kinds.kind),
    Page("/loai/{kind}/trang/{page:int}", "kind-page", kinds.page),
    Page("/loai/{kind}/ve", "draw-kind", kinds.draw, "POST"),
    Page("/loai/{kind}/mau", "try-template", kinds.try_template, "POST"),
    Page("/may", "machine", machine.machine),
    Page("/ho-so/{id:int}", "document", document.document),
    Page("/ho-so/{id:int}/tep/{sha256}", "file", document.file),
    Page("/ho-so/{id:int}/trang/{page:int}", "preview", document.preview),
    Page("/ho-so/{id:int}/phieu", "as-read", life.as_read),
    Page("/ho-so/{id:int}/khac/{other:int}", "compare", life.compare),
    Page("/ho-so/{id:int}/chung-minh", "chain", life.proof),
    Page("/ho-so/{id:int}/chung-minh/tep", "proof-file", life.proof_file),
    Page("/ho-so/{id:int}/chu-ky/{place:int}", "signature", life.signature),
    Page("/ho-so/{id:int}/cap-so", "number", signing.number, "POST"),
    Page("/ho-so/{id:int}/nhan-ban-ky", "confirm", signing.confirm, "POST"),
    Page("/ho-so/{id:int}/ghep-ban-ky", "match", signing.match, "POST"),
    Page("/ho-so/{id:int}/tra-ban-ky", "refuse", signing.refuse, "POST"),
    Page("/ho-so/{id:int}/chap-nhan", "accept", document.accept, "POST"),
    Page("/ho-so/{id:int}/huy", "cancel", document.cancel, "POST"),
    Page("/ho-so/{id:int}/huy-so", "void", numbers.void, "POST"),
    Page("/ho-so/{id:int}/ghi-so", "note", numbers.note, "POST"),
    Page("/ho-so/{id:int}/lam-lai", "reprocess", document.reprocess, "POST"),
    Page("/ho-so/{id:int}/vao-so", "enter-paper", outside.enter, "POST"),
    Page("/su-co", "admit", today.admit, "POST"),
    Page("/don-doc", "remind", year.remind, "POST"),
    Page("/bieu-mau", "forms", forms.forms),
    Page("/bieu-mau/{kind}/dien", "fill", filling.fill),
    Page("/bieu-mau/{kind}/dien", "keep-form", filling.keep, "POST"),
    Page("/bieu-mau/{kind}/dien/xet", "check-form", filling.check, "POST"),
    Page("/bieu-mau/{kind}/{extension}", "form-file", forms.file),
    Page("/mat-khau", "password", account.password),
    Page("/mat-khau/doi", "change-password", account.change, "POST"),
    Page("/ra", "leave", account.leave, "POST"),
)
