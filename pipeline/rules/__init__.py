"""The rule engine: rules.yaml compiled and checked at load, values judged with places (docs/rules.md).

`compile_rules` makes a kind's RuleBook, whose `judge` gives the findings about one form; `check_structure` gives
those of its JSON Schema.
"""

from pipeline.rules.book import Judgement, Rule, RuleBook
from pipeline.rules.compiling import RulesRefused, compile_rules
from pipeline.rules.expressions import RuleCrashed
from pipeline.rules.scope import Variables
from pipeline.rules.structure import check_structure
from pipeline.rules.year_names import is_year_name

__all__ = [
    "Judgement",
    "Rule",
    "RuleBook",
    "RuleCrashed",
    "RulesRefused",
    "Variables",
    "check_structure",
    "compile_rules",
    "is_year_name",
]
