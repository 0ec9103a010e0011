"""Filling Word templates: docxtpl's language, strict, reproducible, compiled once.

compiled = compile_template("template.docx")
inventory(compiled).names        # what the template reads
content = fill(compiled, values) # the document's bytes
"""

from pipeline.filling.compiled import CompiledTemplate
from pipeline.filling.errors import NotTaken, TemplateError, ValueRefused
from pipeline.filling.filling import compile_template, fill, outcomes, require_valid, template_faults, verify_template
from pipeline.filling.inventory import Inventory, Use, inventory

__all__ = [
    "CompiledTemplate",
    "Inventory",
    "NotTaken",
    "TemplateError",
    "Use",
    "ValueRefused",
    "compile_template",
    "fill",
    "inventory",
    "outcomes",
    "require_valid",
    "template_faults",
    "verify_template",
]
