"""A paper of several bodies: all are named, all stand in its number, all sign; and one body is not taken for two."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from docx.document import Document

from pipeline.layout.check import examined
from pipeline.model import Severity
from tests.layout.check import typed
from tests.layout.check.copied import PARTY_JOINT, STATE_JOINT, Signer, party_joint, state_joint
from tests.said import en

THIRD = Signer(("TUQ. GIÁM ĐỐC", "CHÁNH VĂN PHÒNG", "SỞ TÀI CHÍNH"), "Lê Văn Dũng")
RIGHT: dict[str, Callable[[], Document]] = {
    "of the State": lambda: state_joint(STATE_JOINT),
    "of the Party": lambda: party_joint(PARTY_JOINT),
    "names side by side": lambda: state_joint(
        replace(STATE_JOINT, names=("SỞ NỘI VỤ", "SỞ Y TẾ"), is_side_by_side=True)
    ),
    "names on two lines": lambda: state_joint(replace(STATE_JOINT, names=("SỞ NỘI VỤ -", "SỞ Y TẾ"))),
    "three bodies": lambda: state_joint(
        replace(
            STATE_JOINT,
            names=("SỞ NỘI VỤ - SỞ Y TẾ - SỞ TÀI CHÍNH",),
            number="Số: 05/KH-SNV-SYT-STC",
            signers=(*STATE_JOINT.signers, THIRD),
        )
    ),
    "symbols the bodies chose themselves": lambda: state_joint(replace(STATE_JOINT, number="Số: 05/KH-NV-YTE")),
    "its number is still to be written": lambda: state_joint(replace(STATE_JOINT, number="Số:      /KH-SNV-SYT")),
}
ONE_BODY = (
    ("SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI", "Số: 05/KH-SLĐTBXH"),
    ("SỞ KẾ HOẠCH VÀ ĐẦU TƯ", "Số: 05/KH-SKHĐT"),
    ("VĂN PHÒNG HỘI ĐỒNG NHÂN DÂN VÀ ỦY BAN NHÂN DÂN", "Số: 05/KH-VP"),
    ("BAN TUYÊN GIÁO VÀ DÂN VẬN", "Số: 05/KH-BTGDV"),
)


def told(document: Document) -> list[tuple[str, str]]:
    found = examined(typed.saved(document)).findings
    return [(one.code, en(one.message)) for one in found if one.severity is not Severity.INFO]


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_paper_of_several_bodies_is_found_right(name: str) -> None:
    assert told(RIGHT[name]()) == []


@pytest.mark.parametrize(("name", "number"), ONE_BODY)
def test_a_body_with_a_hyphen_or_an_and_in_its_name_is_one_body(name: str, number: str) -> None:
    signer = Signer(("GIÁM ĐỐC",), "Nguyễn Văn Bình")
    assert told(state_joint(replace(STATE_JOINT, names=(name,), number=number, signers=(signer,)))) == []


lead, other = STATE_JOINT.signers
EACH_SIGNS = ("TT13", "Each of the bodies that issue a paper signs it.")
EACH_NAMED = ("TT07", "The symbol of a paper of several bodies names each of them.")
HYPHEN = ("TT06", "Between the names of several bodies stands a hyphen.")
NUMBER = ("TT07", "Number and symbol are not written as the form prescribes.")
MIXED = ("TT05", "Number and symbol: this is the Party form in a State document.")
WITH_BODY = ("TT13", "In a paper of several bodies each title stands with its body.")
WRONG: dict[str, tuple[Callable[[], Document], tuple[str, str]]] = {
    "one symbol for two": (lambda: state_joint(replace(STATE_JOINT, number="Số: 05/KH-SNV")), EACH_NAMED),
    "one symbol for two of the Party's": (
        lambda: party_joint(replace(PARTY_JOINT, number="Số 05-QC/BTCTU")),
        EACH_NAMED,
    ),
    "a stroke between symbols": (lambda: state_joint(replace(STATE_JOINT, number="Số: 05/KH-SNV/SYT")), NUMBER),
    "a stroke between the Party's": (
        lambda: party_joint(replace(PARTY_JOINT, number="Số 05-QC/BTCTU/BNCTU")),
        NUMBER,
    ),
    "the Party's number": (lambda: state_joint(replace(STATE_JOINT, number="Số 05-KH/SNV-SYT")), MIXED),
    "symbols in another order": (
        lambda: state_joint(replace(STATE_JOINT, number="Số: 05/KH-SYT-SNV")),
        ("TT07", "The symbols stand in another order than the bodies: the lead's is the first."),
    ),
    "names with a comma": (lambda: state_joint(replace(STATE_JOINT, names=("SỞ NỘI VỤ, SỞ Y TẾ",))), HYPHEN),
    "names with an and": (
        lambda: party_joint(replace(PARTY_JOINT, names=("BAN TỔ CHỨC VÀ BAN NỘI CHÍNH",))),
        HYPHEN,
    ),
    "only the lead signs": (lambda: state_joint(replace(STATE_JOINT, signers=(lead,))), EACH_SIGNS),
    "only the lead of the Party's signs": (
        lambda: party_joint(replace(PARTY_JOINT, signers=(Signer(("TRƯỞNG BAN",), "Nguyễn Văn Bình"),))),
        EACH_SIGNS,
    ),
    "a name is missing": (
        lambda: state_joint(replace(STATE_JOINT, signers=(lead, Signer(other.lines, "")))),
        ("TT13", "The signer's name is missing."),
    ),
    "a title without its body": (
        lambda: state_joint(replace(STATE_JOINT, signers=(Signer(("GIÁM ĐỐC",), lead.name), other))),
        WITH_BODY,
    ),
    "a deputy who signs as if alone": (
        lambda: state_joint(
            replace(STATE_JOINT, signers=(lead, Signer(("KT. GIÁM ĐỐC", "SỞ Y TẾ"), "Trần Thị Cúc")))
        ),
        ("TT13", "For a head (K/T, KT.) only a deputy signs."),
    ),
    "the lead at the left": (
        lambda: party_joint(replace(PARTY_JOINT, is_lead_left=True)),
        ("TT13", "The lead of several bodies signs at the right."),
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_departs_in_a_paper_of_several_bodies_is_found_and_nothing_beside_it(name: str) -> None:
    made, wanted = WRONG[name]
    assert told(made()) == [wanted]
