"""Sound PDFs that are built unusually are opened; those that lock people out, or lead in circles, are refused."""

import io

import pypdf
import pytest
from pypdf.constants import UserAccessPermissions

from pipeline.pdf import opened
from tests.papers.test_hostile_papers import CATALOGUE, ONE_PAGE
from tests.pdf.test_limits import one_page, verdict

PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"


def locked(content: bytes, user: str) -> bytes:
    """The PDF with an owner's password, that lets nobody copy from it; whoever opens it is asked for `user`."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    writer.pdf_header = pypdf.PdfReader(io.BytesIO(content)).pdf_header
    nothing = UserAccessPermissions(0)
    writer.encrypt(user, "owner", permissions_flag=nothing, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def of_tables(*tables: bytes, last: int | None = None) -> bytes:
    """A PDF of one page with these tables after each other; `%(1)d` in one is the offset of the first."""
    content, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate((CATALOGUE, ONE_PAGE, PAGE), start=1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    places: dict[bytes, int] = {}
    for number, table in enumerate(tables, start=1):
        places[b"%d" % number] = len(content)
        entries = b"".join(b"%010d 00000 n \n" % offset for offset in offsets) if number == 1 else b""
        head = b"xref\n0 4\n0000000000 65535 f \n" if number == 1 else b"xref\n0 0\n"
        content += head + entries + table % places
    return bytes(content + b"startxref\n%d\n%%%%EOF\n" % places[b"%d" % (last or len(tables))])


def test_a_file_that_only_its_owner_may_change_is_opened() -> None:
    pdf = opened(locked(one_page(), user=""))
    assert len(pdf.pages) == 1
    assert not pypdf.PdfReader(io.BytesIO(pdf.content)).is_encrypted


def test_a_file_that_asks_for_a_password_is_not() -> None:
    assert verdict(locked(one_page(), user="mật khẩu")) == "I04"


def test_a_lock_that_is_no_password_is_told_as_one() -> None:
    content = one_page().replace(b"/Root", b"/Encrypt<</Filter/Adobe.PubSec/V 4>>/Root")
    assert verdict(content) == "I04"


def test_what_is_locked_is_looked_through_like_any_other() -> None:
    content = one_page(more=b"/AA<</O<</S/Launch/F(calc.exe)>>>>")
    assert verdict(content) == verdict(locked(content, user="")) == "file.program"


TRAILER = b"trailer\n<</Size 4/Root 1 0 R>>\n"


@pytest.mark.parametrize(
    ("tables", "code"),
    [
        ((TRAILER,), ""),
        # as Adobe PDF Services writes: the first table has no startxref of its own
        ((TRAILER, b"trailer\n<</Size 4/Root 1 0 R/Prev %(1)d>>\n"), ""),
        # what a text says of /Prev is no link
        ((TRAILER, b"trailer\n<</Size 4/Root 1 0 R/X(/Prev %(2)d)/Prev %(1)d>>\n"), ""),
        ((TRAILER, b"trailer\n<</Size 4/Root 1 0 R/Prev %(2)d>>\n"), "file.doubtful"),
        ((b"trailer\n<</Size 4/Root 1 0 R/Prev %(1)d>>\n",), "file.doubtful"),
    ],
)
def test_tables_that_follow_each_other_are_sound_unless_they_lead_back(tables: tuple[bytes, ...], code: str) -> None:
    assert verdict(of_tables(*tables)) == code


def test_tables_that_lead_to_each_other_are_told() -> None:
    there = b"trailer\n<</Size 4/Root 1 0 R/Prev 0000>>\n"
    back = b"trailer\n<</Size 4/Root 1 0 R/Prev %(1)d>>\n"
    content = of_tables(there, back)
    second = content.rfind(b"xref\n0 0")
    assert verdict(content) == ""
    assert verdict(content.replace(b"/Prev 0000", b"/Prev %04d" % second)) == "file.doubtful"
