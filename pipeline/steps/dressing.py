"""Templates in the dress of an official form, compiled once."""

import functools

from pipeline import filling
from pipeline.filling import CompiledTemplate
from pipeline.form import all_profiles, dress


@functools.lru_cache(maxsize=64)
def dressed(template: bytes, profile_id: str) -> CompiledTemplate:
    """Compile a template in the dress of an official form; the same again is remembered."""
    return filling.compile_template(dress(template, all_profiles()[profile_id]))
