"""Templates in the dress of an official form, compiled once."""

import functools

from pipeline import filling
from pipeline.filling import CompiledTemplate
from pipeline.layout import all_profiles, apply


@functools.lru_cache(maxsize=64)
def laid_out(template: bytes, profile_id: str) -> CompiledTemplate:
    """Compile a template in the dress of an official form; the same again is remembered."""
    return filling.compile_template(apply(template, all_profiles()[profile_id]))
