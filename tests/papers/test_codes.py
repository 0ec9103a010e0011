"""Document codes: what is printed on a paper and what comes back from it."""

import io
import re

import pytest
import segno
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pipeline.papers import codes

seeds = st.text(max_size=40)
codes_of_ours = seeds.map(codes.new_code)
places = st.integers(min_value=2, max_value=codes.LENGTH - 1)


def test_a_seed_always_gives_the_same_code() -> None:
    # written down: codes stand on paper for twenty years, so the way they are made may never drift
    assert codes.new_code("ke-hoach/2022/1") == "VTG9Z4H5KX5TRXMP"
    assert codes.new_code("") == "VTWERC8GMRZGE1YC"


@given(codes_of_ours)
def test_every_code_is_sixteen_characters_of_the_alphabet_and_valid(code: str) -> None:
    assert re.fullmatch(r"VT[0-9A-HJKMNP-TV-Z]{14}", code)
    assert codes.is_valid(code)


def test_different_seeds_give_different_codes() -> None:
    assert len({codes.new_code(str(number)) for number in range(5_000)}) == 5_000


@given(codes_of_ours, places, st.sampled_from(codes.ALPHABET))
def test_any_single_wrong_character_is_noticed(code: str, at: int, character: str) -> None:
    wrong = code[:at] + character + code[at + 1 :]
    assert codes.is_valid(wrong) == (wrong == code)


@given(codes_of_ours, places, places)
def test_any_transposition_is_noticed(code: str, one: int, other: int) -> None:
    letters = list(code)
    letters[one], letters[other] = letters[other], letters[one]
    swapped = "".join(letters)
    assert codes.is_valid(swapped) == (swapped == code)


@given(codes_of_ours, places, places, st.sampled_from(codes.ALPHABET), st.sampled_from(codes.ALPHABET))
def test_any_two_wrong_characters_are_noticed(code: str, one: int, other: int, first: str, second: str) -> None:
    letters = list(code)
    letters[one], letters[other] = first, second
    wrong = "".join(letters)
    assert codes.is_valid(wrong) == (wrong == code)


@pytest.mark.parametrize(
    "text", ["", "VT", "vtg9z4h5kx5trxmp", "XXG9Z4H5KX5TRXMP", "VTG9Z4H5KX5TRXMU", " VTG9Z4H5KX5TRXMP"]
)
def test_what_is_not_a_stored_code_is_not_valid(text: str) -> None:
    assert not codes.is_valid(text)


@pytest.mark.slow
@given(codes_of_ours, st.data())
def test_a_code_is_found_in_text_however_it_is_broken(code: str, data: st.DataObject) -> None:
    gaps = st.sampled_from(["", " ", "-", "\n", "-\n", "\u00ad", "\u2011", "\u00a0"])
    broken = "".join(character + data.draw(gaps) for character in code[:-1]) + code[-1]
    assert codes.find_all(f"Lưu: VT, VPTU.\n{broken}\nTrang 2") == (code,)


@given(st.lists(codes_of_ours, unique=True, max_size=5), st.sampled_from([" ", "\n", ", ", "; mã "]))
def test_all_codes_of_a_text_are_found_in_their_order(wanted: list[str], between: str) -> None:
    assert codes.find_all(between.join(wanted + wanted)) == tuple(wanted)


def test_letters_that_the_alphabet_lacks_are_read_as_the_digits_they_look_like() -> None:
    code = next(found for found in map(codes.new_code, map(str, range(1_000))) if "0" in found and "1" in found)
    assert codes.find_all(code.replace("0", "O").replace("1", "I")) == (code,)
    assert codes.find_all(code.replace("0", "O").replace("1", "L")) == (code,)


def test_a_page_suffix_is_not_part_of_the_code() -> None:
    code = codes.new_code("page")
    assert codes.find_all(f"{code}-P02") == (code,)


@pytest.mark.parametrize(
    "text",
    [
        "Nơi nhận:\n- Như trên;\n- Lưu: VT, VPTU, HSCV 0123456789",
        "VT 2022 KẾ HOẠCH TỔ CHỨC",
        "VTG9Z4H5KX5TRXMQ",  # one character off
        "AVTG9Z4H5KX5TRXMP",  # part of a longer word
        "VTG9Z4H5KX5TRXMP9",
    ],
)
def test_other_text_holds_no_code(text: str) -> None:
    assert codes.find_all(text) == ()


@given(st.text())
def test_no_text_makes_the_search_fail(text: str) -> None:
    assert all(codes.is_valid(code) for code in codes.find_all(text))


def test_the_picture_reads_back_as_the_code() -> None:
    for number in range(50):
        code = codes.new_code(f"picture {number}")
        with Image.open(io.BytesIO(codes.picture(code))) as picture:
            assert picture.size == (200, 200)
            read = zxingcpp.read_barcodes(picture.convert("L"))
        assert [barcode.text for barcode in read] == [code]


def test_the_picture_of_a_code_is_always_the_same_bytes() -> None:
    code = codes.new_code("same")
    assert codes.picture(code) == codes.picture(code)
    assert codes.picture(code) != codes.picture(codes.new_code("other"))


def test_the_picture_is_what_segno_would_have_written() -> None:
    for number in range(20):
        code = codes.new_code(f"written {number}")
        symbol = segno.make_qr(code, version=1, error="q", mode="alphanumeric", mask=7, boost_error=False)
        written = io.BytesIO()
        symbol.save(written, kind="png", scale=8, border=2, compresslevel=0)
        assert codes.picture(code) == written.getvalue()


def test_only_document_codes_have_a_picture() -> None:
    with pytest.raises(ValueError, match="not a document code"):
        codes.picture("VTG9Z4H5KX5TRXMQ")
