"""The papers of the kinds that are no more than folders, rendered by LibreOffice and measured as they lie there."""

import functools
from collections.abc import Callable, Iterator

import pytest

from pipeline.layout import all_profiles
from tests.kinds.test_papers import FORMS, FRAMED, PAPERS, paper
from tests.layout.paper import Paper, is_furniture, office_in, paper_of

Press = Callable[[str, str, str], Paper]
HEAD = "Đặng Thị Thuỳ Nhiên"

SLOW = [pytest.param(*one, marks=pytest.mark.slow) for one in FRAMED]
SIGNED_BY_THE_HEAD = [pytest.param(*one, marks=pytest.mark.slow) for one in FRAMED if one[0] != "kiem-phieu"]

pytestmark = pytest.mark.office


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    """Prints an example of a kind in a form; the same paper is printed once."""
    with office_in(tmp_path_factory.mktemp("office")) as office:

        @functools.cache
        def printed(kind: str, name: str, form: str) -> Paper:
            return paper_of(office.convert(paper(kind, name, form)))

        yield printed


@pytest.mark.sweep
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("kind", "name"), (*PAPERS, *SLOW))
def test_nothing_stands_outside_the_margins_and_only_later_pages_are_numbered(
    press: Press, kind: str, name: str, form: str
) -> None:
    printed = press(kind, name, form)
    own = 0
    for page, (width, height) in enumerate(printed.sizes, start=1):
        furniture = [word for word in printed.on(page) if is_furniture(word, height)]
        numbers = [word.text for word in furniture if word.text.isdigit()]
        # an appendix is numbered by itself, and its first page bears no number either
        own = own + 1 if numbers else 1
        assert numbers == ([] if own == 1 else [str(own)])
        assert numbers or page == 1 or printed.find("PHỤ LỤC") or printed.find("Phụ lục")
        for word in printed.on(page):
            assert word.left >= 29.7, word
            assert word.right <= width - 14.4, word


@pytest.mark.sweep
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("kind", "name"), [*(one for one in PAPERS if one[0] != "bang-diem"), *SIGNED_BY_THE_HEAD])
def test_the_head_is_on_the_first_page_and_the_signature_is_never_alone(
    press: Press, kind: str, name: str, form: str
) -> None:
    printed = press(kind, name, form)
    title = printed.find(all_profiles()[form].texts_["head_title"])[0]
    assert title.page == 1
    signature = [word for word in printed.find(HEAD) if word.left > 100][-1]
    height = printed.sizes[signature.page - 1][1]
    above = [
        word
        for word in printed.on(signature.page)
        if word.bottom < signature.top - 30 and not is_furniture(word, height)
    ]
    assert above, "the signature stands alone on its page"
