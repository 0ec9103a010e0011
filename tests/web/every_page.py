"""Every page there is, with an address for each document of an office; what is no page but a file is left out."""

from typing import Final

from pipeline.web.pages import PAGES, Page

#: Addresses that give files and pictures.
FILES: Final = frozenset({"file", "preview", "register-file", "form-file", "proof-file", "signature", "kind-page"})


def address(page: Page, job: int) -> str:
    """The address of a page, of a document where it names one."""
    made = (
        page.path.replace("{id:int}", str(job))
        .replace("{page:int}", "1")
        .replace("{place:int}", "1")
        .replace("{other:int}", str(job))
        .replace("{extension}", "xlsx?quyen=den")
        .replace("{kind}", "dang-ky")
    )
    return made.replace("{sha256}", "0" * 64)


def pages(*jobs: int) -> list[str]:
    """The addresses of all pages that are only looked at, those of documents once for each of `jobs`."""
    found: list[str] = []
    for page in PAGES:
        if page.method != "GET" or page.name in FILES:
            continue
        found += [address(page, job) for job in (jobs if "{id" in page.path else jobs[:1])]
    return [*found, *FURTHER]


#: The same pages where they show something else.
FURTHER: Final = (
    "/so?quyen=den",
    "/so/in?quyen=den",
    "/bieu-mau?don-vi=EVNHCMC",
    "/bieu-mau/dang-ky/dien?don-vi=EVNHCMC&kiem=1",
    "/bieu-mau/ke-hoach/dien",
    "/loai/ke-hoach?kiem=1",
)
