"""Templates laid out in an official form, compiled once."""

import functools

from pipeline import filling
from pipeline.filling import CompiledTemplate
from pipeline.layout import all_profiles, apply


# by content, as everything remembered: a template edited in Word is another key
@functools.lru_cache(maxsize=64)
def laid_out(template: bytes, profile_id: str) -> CompiledTemplate:
    """Apply an official form ("" for none) to a template and compile it; the result is remembered."""
    return filling.compile_template(apply(template, all_profiles()[profile_id]) if profile_id else template)
