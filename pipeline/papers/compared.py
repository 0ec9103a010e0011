"""What a comparison with the issued pages means: pages that lack, strangers, other words, signatures not seen."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, Protocol, TypeVar

from pipeline.messages import say, say_count
from pipeline.model import Finding, Message, Place, Severity
from pipeline.papers.pages import pages_said
from pipeline.papers.seen import Comparison, Proof, SeenPage, ShownPlace

#: More changed words are counted, not named.
_MOST_NAMED: Final = 5
#: More places are no help to anybody.
_MOST_SHOWN: Final = 24


class _OfPage(Protocol):
    """What is a page of the document, and bears signatures at some of its places."""

    @property
    def page(self) -> int: ...
    @property
    def signed(self) -> tuple[int, ...]: ...


_Sheet = TypeVar("_Sheet", bound=_OfPage)


def compared_pages(comparison: Comparison, elsewhere: Sequence[int] = ()) -> Iterator[Finding]:
    """Each issued page comes back once, in its order, and nothing else does (A04).

    Where several sign, each may sign on a print of his own. `elsewhere` are pages that came in other files.
    """
    came = [one.page for one in comparison.seen if one.page]
    missing = [page for page in range(1, comparison.pages + 1) if page not in came and page not in elsewhere]
    if missing:
        if elsewhere:
            said = say(
                "Of the document's {pages} pages there is missing: {missing} ({elsewhere} came in another file).",
                pages=comparison.pages,
                missing=pages_said(missing),
                elsewhere=pages_said(elsewhere),
            )
        else:
            said = say(
                "Of the document's {pages} pages there is missing: {missing}.",
                pages=comparison.pages,
                missing=pages_said(missing),
            )
        yield Finding(
            "A04",
            Severity.BLOCK,
            said,
            found=", ".join(map(str, came)),
            needed=say_count("{count} page", "{count} pages", comparison.pages),
            mend=say("Scan the missing pages and drop them: they are put together with these."),
        )
    yield from (_not_as_marked(one) for one in comparison.seen if one.marked and one.marked != one.page)
    if strangers := [one.sheet for one in comparison.seen if not one.page and not one.marked]:
        yield Finding(
            "paper.strange-page",
            Severity.BLOCK,
            say("What came back as {sheets} is like no page that was sent out.", sheets=pages_said(strangers)),
            Place(page=strangers[0]) if len(strangers) == 1 else Place(),
            needed=say("the pages as they were printed from the PDF in the folder of documents for signature"),
            mend=say("Take out what does not belong to the document and drop the new file."),
        )
    if twice := _in_vain(comparison.seen):
        yield Finding(
            "paper.page-twice",
            Severity.BLOCK,
            say("Came back more than once: {pages}.", pages=pages_said(twice)),
            mend=say("Take out the copy that is not signed, and drop the new file."),
        )
    elif came != sorted(came):
        yield Finding(
            "paper.page-order",
            Severity.WARN,
            say("The pages came back in another order: {order}.", order=", ".join(map(str, came))),
        )


def _in_vain(seen: Sequence[SeenPage]) -> list[int]:
    """The pages of which a sheet came back on which nobody signed who has not signed on another one."""
    pages = [one for one in seen if one.page]
    kept = Counter(one.page for one in needed_sheets(pages))
    return sorted(page for page, times in Counter(one.page for one in pages).items() if times > kept[page])


def needed_sheets(sheets: Sequence[_Sheet]) -> list[_Sheet]:
    """Of sheets that are the same page those that are needed: one, and each on which somebody else has signed."""
    chosen: list[_Sheet] = []
    for one in sorted(sheets, key=lambda sheet: -len(sheet.signed)):
        before = [other for other in chosen if other.page == one.page]
        if not before or not set(one.signed) <= {place for other in before for place in other.signed}:
            chosen.append(one)
    return [one for one in sheets if one in chosen]


def signed_apart(comparison: Comparison) -> Iterator[Finding]:
    """Say which pages were signed on several prints; all of these belong to the paper."""
    times, in_vain = Counter(one.page for one in comparison.seen if one.page), _in_vain(comparison.seen)
    if pages := sorted(page for page, count in times.items() if count > 1 and page not in in_vain):
        yield _told("paper.signed-apart", say("Signed on several prints: {pages}.", pages=pages_said(pages)))


def laid_anew(comparison: Comparison) -> Iterator[Finding]:
    """Say which sheets did not lie as their pages were sent out; in the copy they do."""
    turned = [one.sheet for one in comparison.seen if one.turn]
    halves = list(dict.fromkeys(one.sheet for one in comparison.seen if one.half))
    resized = list(dict.fromkeys(one.sheet for one in comparison.seen if one.scale != 1.0 and not one.half))
    if turned := list(dict.fromkeys(turned)):
        yield _told("paper.turned", say("These sheets lie turned: {sheets}.", sheets=pages_said(turned)))
    if halves:
        yield _told("paper.two-on-a-sheet", say("Two pages are on one sheet: {sheets}.", sheets=pages_said(halves)))
    if resized:
        said = say("The file says a wrong size of the sheets: {sheets}.", sheets=pages_said(resized))
        yield _told("paper.wrong-size", said)


def put_in_order(comparison: Comparison, files: int) -> Iterator[Finding]:
    """Say that the pages came in another order, or in several files; in the copy they stand in order."""
    came = [one.page for one in comparison.seen if one.page]
    if files > 1:
        yield _told("paper.joined", say("The pages came back in {count} files and were put together.", count=files))
    elif came != sorted(came):
        order = ", ".join(map(str, came))
        yield _told("paper.page-order", say("The pages came back in another order: {order}.", order=order))


def _told(code: str, message: Message) -> Finding:
    return Finding(code, Severity.INFO, message)


def _not_as_marked(sheet: SeenPage) -> Finding:
    """Say that a sheet bears the mark of one page and shows another, or none: a mark may be copied, a page not."""
    if sheet.page:
        said = say(
            "Sheet {sheet} bears the mark of page {marked}, but shows page {page}.",
            sheet=sheet.sheet,
            marked=sheet.marked,
            page=sheet.page,
        )
    else:
        said = say(
            "Sheet {sheet} bears the mark of page {marked}, but does not look as that page was sent out.",
            sheet=sheet.sheet,
            marked=sheet.marked,
        )
    return Finding(
        "paper.not-as-marked",
        Severity.BLOCK,
        said,
        Place(page=sheet.sheet),
        mend=say("Lay the sheet beside the PDF that was sent out. If it is that page, a person confirms it."),
    )


def compared_print(comparison: Comparison) -> Iterator[Finding]:
    """What was printed stands on the paper: no word was set anew, painted over or torn off."""
    for page in comparison.seen:
        if page.lost:
            first = page.lost[0]
            yield Finding(
                "paper.print-differs",
                Severity.BLOCK,
                say_count(
                    "On page {page} the print is not as it was sent out in {count} place, {down} mm from the upper "
                    "and {across} mm from the left edge.",
                    "On page {page} the print is not as it was sent out in {count} places, the first {down} mm from "
                    "the upper and {across} mm from the left edge.",
                    len(page.lost),
                    page=page.page,
                    down=round(first.top),
                    across=round(first.left),
                ),
                Place(page=page.sheet),
                mend=say(
                    "Lay the paper beside the PDF that was sent out. If the words are the same, a person confirms it."
                ),
            )


def compared_characters(comparison: Comparison) -> Iterator[Finding]:
    """Each printed character is the one that was sent out; what could not be proved is told."""
    for proof in comparison.proofs:
        if proof.changed:
            yield _changed(proof)
    unclear = [proof.page for proof in comparison.proofs if not proof.is_clear]
    if unclear:
        yield Finding(
            "paper.characters-not-proved",
            Severity.BLOCK,
            say("The scan is not clear enough to compare each character on {pages}.", pages=pages_said(unclear)),
            needed=say("300 dpi, sharp"),
            mend=say("Scan these pages anew at 300 dpi; or a person reads them through and confirms the paper."),
        )
    yield from (_added(proof) for proof in comparison.proofs if proof.added)
    for proof in comparison.proofs:
        if proof.covered:
            yield Finding(
                "paper.characters-covered",
                Severity.WARN,
                say_count(
                    "On page {page} somebody wrote or stamped over {count} printed character.",
                    "On page {page} somebody wrote or stamped over {count} printed characters.",
                    proof.covered,
                    page=proof.page,
                ),
                Place(page=proof.sheet),
                mend=say("Look whether the words there are still those that were sent out."),
            )


def _added(proof: Proof) -> Finding:
    """Say that words stand where nothing was printed: black ones for a person, those of a pen or a stamp are told."""
    blocking = [one for one in proof.added if one.is_black]
    first = (blocking or proof.added)[0].box
    return Finding(
        "paper.words-added",
        Severity.BLOCK if blocking else Severity.WARN,
        say(
            "On page {page} there are words where nothing was printed, {down} mm from the upper and {across} mm from "
            "the left edge.",
            page=proof.page,
            down=round(first.top),
            across=round(first.left),
        ),
        Place(page=proof.sheet),
        mend=say("Look at what was added. If it changes nothing of what was sent out, a person confirms the paper."),
    )


def _changed(proof: Proof) -> Finding:
    words = "; ".join(f"“{one.word}”" for one in proof.changed[:_MOST_NAMED])
    first = proof.changed[0].box
    return Finding(
        "paper.characters-differ",
        Severity.BLOCK,
        say_count(
            "On page {page} {count} word is not as it was sent out: {words} ({down} mm from the upper, {across} mm "
            "from the left edge).",
            "On page {page} {count} words are not as they were sent out: {words} (the first {down} mm from the "
            "upper, {across} mm from the left edge).",
            len(proof.changed),
            page=proof.page,
            words=words,
            down=round(first.top),
            across=round(first.left),
        ),
        Place(page=proof.sheet),
        mend=say("Lay the paper beside the PDF that was sent out. If the words are the same, a person confirms it."),
    )


def compared_signatures(comparison: Comparison) -> Iterator[Finding]:
    """Everybody who signs has signed: ink stands above each name."""
    unsigned = [one for one in comparison.signatures if one.sheet and not one.has_signature]
    if unsigned:
        yield Finding(
            "paper.not-all-signed",
            Severity.BLOCK,
            say("No signature is seen above: {names}.", names="; ".join(one.name for one in unsigned)),
            Place(page=unsigned[0].sheet) if len({one.sheet for one in unsigned}) == 1 else Place(),
            mend=say(
                "Have it signed by them, scan the page with their signatures and drop it: it is put together with "
                "the rest. If it is signed, a person confirms it."
            ),
        )
    if not comparison.signatures and not comparison.unplaced:
        # nobody to look for is not "signed by all"
        yield Finding(
            "paper.signers-unknown",
            Severity.BLOCK,
            say("Who signs this document is not known, so no signature was looked for."),
            mend=say("Look whether the paper is whole and signed."),
        )
    if comparison.unplaced:
        names = "; ".join(comparison.unplaced)
        yield Finding(
            "paper.signers-not-found",
            Severity.BLOCK,
            say("Where these people sign was not found on the pages that were sent out: {names}.", names=names),
            mend=say("Look whether they have signed, and confirm the paper."),
        )


def places_to_show(comparison: Comparison) -> tuple[ShownPlace, ...]:
    """Give the places where print lacks or a character is another one; where a signature lacks, all of them."""
    on = {(one.sheet, one.page): one for one in comparison.seen if one.page}
    doubtful = [(one.sheet, one.page, box, True) for one in comparison.seen for box in one.lost if one.page]
    doubtful += [(proof.sheet, proof.page, one.box, True) for proof in comparison.proofs for one in proof.changed]
    doubtful += [(proof.sheet, proof.page, one.box, True) for proof in comparison.proofs for one in proof.added]
    places = [
        (one.sheet, page, room, not one.has_signature)
        for one, (page, room) in zip(comparison.signatures, comparison.rooms, strict=False)
        if one.sheet
    ]
    # whoever looks where one lacks looks at the others, too
    doubtful += sorted(places, key=lambda place: not place[3]) if any(place[3] for place in places) else []
    found = []
    for sheet, number, box, is_doubtful in doubtful:
        page = on.get((sheet, number))
        if page is not None and page.to_scan is not None:
            found.append(ShownPlace(sheet, number, page.to_scan, page.scale, box, is_doubtful=is_doubtful))
    return tuple(found[:_MOST_SHOWN])
