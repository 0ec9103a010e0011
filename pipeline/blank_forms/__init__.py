"""Forms that go out: the fields of a kind and what the year knows of them, as a file that people fill in.

`plan` says what a form holds; a writer of each format lays it out; reading reads it back to the same values.
"""

from pipeline.blank_forms.guides import how_in_orders, standing_lines
from pipeline.blank_forms.plan import Entry, FormPlan, Section, Table, shown
from pipeline.blank_forms.planning import plan

__all__ = ["Entry", "FormPlan", "Section", "Table", "how_in_orders", "plan", "shown", "standing_lines"]
