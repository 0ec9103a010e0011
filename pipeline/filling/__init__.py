"""Filling Word templates: docxtpl's language, strict, reproducible, compiled once.

    compiled = compile_template("template.docx")
    inventory(compiled).names        # what the template reads
    content = fill(compiled, values) # the document's bytes
"""

from pipeline.filling.filling import CompiledTemplate, compile_template, fill
from pipeline.filling.inventory import Inventory, inventory
from pipeline.filling.problems import TemplateError, TemplateProblem, ValueRefused

__all__ = [
    "CompiledTemplate",
    "Inventory",
    "TemplateError",
    "TemplateProblem",
    "ValueRefused",
    "compile_template",
    "fill",
    "inventory",
]
