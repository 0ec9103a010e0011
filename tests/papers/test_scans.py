"""How a page was scanned: its colours, and how its pictures are packed, with loss or without."""

import io
from pathlib import Path

import img2pdf
import pypdfium2
import pytest
from PIL import Image, ImageDraw

from pipeline.model import Colour, PlacedPage
from pipeline.papers.arranging import arrange
from pipeline.papers.recognition import recognise_pdf
from pipeline.papers.scans import Scan, pictures_on, scan_of
from pipeline.papers.wrapping import wrap


def page(mode: str = "RGB") -> Image.Image:
    picture = Image.new("RGB", (620, 877), "white")
    ImageDraw.Draw(picture).ellipse((300, 300, 420, 420), outline=(200, 24, 32), width=9)
    return picture.convert(mode)


def packed(picture: Image.Image, format_: str, **how: object) -> bytes:
    content = io.BytesIO()
    picture.save(content, format_, **how)
    return content.getvalue()


def measured(pdf: bytes) -> Scan | None:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return scan_of(document[0], pictures_on(document[0]))
    finally:
        document.close()


def told(content: bytes) -> tuple[str, bool, Colour | None]:
    scan = measured(img2pdf.convert(content))
    assert scan is not None
    return scan.compression, scan.is_lossless, scan.colour


@pytest.mark.parametrize(
    ("content", "compression", "is_lossless", "colour"),
    [
        (packed(page(), "JPEG"), "JPEG", False, Colour.COLOUR),
        (packed(page("L"), "JPEG"), "JPEG", False, Colour.GREY),
        (packed(page(), "PNG"), "Flate", True, Colour.COLOUR),
        (packed(page("L").convert("I;16"), "PNG"), "Flate", True, Colour.GREY),
        (packed(page("1"), "TIFF", compression="group4"), "CCITT", True, Colour.TWO_TONE),
        (packed(page("1").convert("P"), "PNG", bits=1), "Flate", True, Colour.TWO_TONE),
        (packed(page(), "JPEG2000", irreversible=False), "JPEG 2000", True, Colour.COLOUR),
        (packed(page(), "JPEG2000", irreversible=True), "JPEG 2000", False, Colour.COLOUR),
    ],
    ids=["jpeg", "grey jpeg", "png", "fine grey", "fax", "two-tone palette", "jpeg 2000", "jpeg 2000 with loss"],
)
def test_a_scan_is_named_by_how_its_points_are_kept(
    content: bytes, compression: str, is_lossless: bool, colour: Colour
) -> None:
    assert told(content) == (compression, is_lossless, colour)


def written(*pictures: str) -> bytes:
    """A PDF written by hand, of one page covered by pictures of a point each, packed as said."""
    names = " ".join(f"/P{at} {at + 4} 0 R" for at in range(len(pictures)))
    drawn = " ".join(f"q 595 0 0 842 0 0 cm /P{at} Do Q" for at in range(len(pictures)))
    drawing = f"/Contents {len(pictures) + 4} 0 R"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << {names} >> >> {drawing} >>",
        *(
            f"<< /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceRGB {packing} "
            "/Length 6 >> stream\nff0000\nendstream"
            for packing in pictures
        ),
        f"<< /Length {len(drawn)} >> stream\n{drawn}\nendstream",
    ]
    content, at = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        at.append(len(content))
        content += f"{number} 0 obj {one} endobj\n".encode()
    table = "".join(f"{offset:010d} 00000 n \n" for offset in at)
    return (
        content
        + (
            f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
            f"trailer << /Root 1 0 R /Size {len(objects) + 1} >>\nstartxref\n{len(content)}\n%%EOF"
        ).encode()
    )


@pytest.mark.parametrize(
    ("pictures", "compression", "is_lossless"),
    [
        (("/Filter /ASCIIHexDecode",), "none", True),
        (("/Filter [/FlateDecode /DCTDecode]",), "JPEG", False),
        (("/Filter /JBIG2Decode",), "JBIG2", False),
        (("/Filter /ASCIIHexDecode", "/Filter /DCTDecode"), "JPEG + none", False),
        (("/Filter /NewDecode",), "NewDecode", False),
    ],
)
def test_what_is_not_known_to_keep_every_point_is_not_said_to(
    pictures: tuple[str, ...], compression: str, is_lossless: bool
) -> None:
    scan = measured(written(*pictures))
    assert scan is not None
    assert (scan.compression, scan.is_lossless) == (compression, is_lossless)


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("compression", "name", "is_lossless"),
    [("jpeg", "JPEG", False), ("tiff_lzw", "LZW", True), ("raw", "none", True), ("zstd", "TIFF 50000", False)],
)
def test_a_scan_as_a_tiff_is_told_as_it_came_not_as_it_was_wrapped(
    tmp_path: Path, compression: str, name: str, is_lossless: bool
) -> None:
    came = tmp_path / "came.tif"
    came.write_bytes(packed(page(), "TIFF", compression=compression))
    wrapped = tmp_path / "wrapped.pdf"
    wrapped.write_bytes(wrap(str(came)))
    (sheet,) = recognise_pdf(str(wrapped)).measured
    assert (sheet.compression, sheet.is_lossless) == (name, is_lossless)
    # put in order it is told the same
    arranged = tmp_path / "arranged.pdf"
    arranged.write_bytes(arrange({"x": str(wrapped)}, (PlacedPage(1, "x", 1, turn=180),)))
    assert recognise_pdf(str(arranged)).measured[0].compression == name


def test_a_page_that_no_picture_covers_is_no_scan() -> None:
    assert measured(written()) is None
