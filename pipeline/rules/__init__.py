"""The rule engine: rules.yaml compiled and checked at load, values judged with places (docs/rules.md).

`compile_rules` makes a kind's RuleBook, whose `judge` gives the findings about one form; `structure_check` gives
those of its JSON Schema.
"""

from pipeline.rules.book import Judgement, Rule, RuleBook
from pipeline.rules.compiling import RulesRefused, compile_rules, shapes_of
from pipeline.rules.expressions import RuleCrashed
from pipeline.rules.scope import Variables
from pipeline.rules.shapes import Shape
from pipeline.rules.structure import StructureCheck, structure_check
from pipeline.rules.year_names import is_year_name

__all__ = [
    "Judgement",
    "Rule",
    "RuleBook",
    "RuleCrashed",
    "RulesRefused",
    "Shape",
    "StructureCheck",
    "Variables",
    "compile_rules",
    "is_year_name",
    "shapes_of",
    "structure_check",
]
