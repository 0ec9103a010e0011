"""Masks of ink do what they say, whatever is inked; asked of every point one by one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from pipeline.papers.creases import creases_in
from pipeline.papers.mask import Mask, grown

MASKS = arrays(np.bool_, array_shapes(min_dims=2, max_dims=2, max_side=12))


@given(MASKS, st.integers(0, 6))
def test_a_grown_mask_holds_the_points_that_have_ink_within_reach_and_no_others(mask: Mask, by: int) -> None:
    height, width = mask.shape
    for y in range(height):
        for x in range(width):
            near = mask[max(0, y - by) : y + by + 1, max(0, x - by) : x + by + 1]
            assert grown(mask, by)[y, x] == near.any()


@given(st.integers(0, 79), st.integers(-8, 8), st.floats(0.86, 1), st.integers(0, 2**32 - 1))
def test_a_line_from_edge_to_edge_is_a_crease_however_it_leans(row: int, drop: int, share: float, seed: int) -> None:
    width, height = 90, 80
    chance = np.random.default_rng(seed)
    shown = np.zeros((height, width), np.bool_)
    columns = np.arange(width)
    rows = (row + np.rint(np.linspace(0, drop, width)).astype(int)) % height
    seen = chance.permutation(width) < np.ceil(share * width)
    shown[rows[seen], columns[seen]] = True
    nothing = np.zeros_like(shown)
    assert (creases_in(shown, nothing) & shown).sum() == shown.sum()
    # half of the way is a stroke, whatever else is on the sheet
    half = shown & (columns < width // 2)
    assert not creases_in(half, nothing).any()
