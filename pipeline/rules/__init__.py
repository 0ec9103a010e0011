"""The rule engine: rules.yaml compiled and checked at load, values judged with places (docs/rules.md).

`compile_rules` makes a kind's RuleBook, whose `judge` gives the verdicts on one form; `check_structure` tells what
its JSON Schema says.
"""

from pipeline.rules.book import Rule, RuleBook, Verdict
from pipeline.rules.compiling import RulesRefused, compile_rules
from pipeline.rules.expressions import RuleCrashed
from pipeline.rules.scope import Variables
from pipeline.rules.structure import StructureFault, check_structure

__all__ = [
    "Rule",
    "RuleBook",
    "RuleCrashed",
    "RulesRefused",
    "StructureFault",
    "Variables",
    "Verdict",
    "check_structure",
    "compile_rules",
]
