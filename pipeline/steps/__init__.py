"""The steps of the flow: each takes the workspace and a job, calls one stage, and says what is to be recorded."""

from pipeline.steps.arrival import reads
from pipeline.steps.filing import files
from pipeline.steps.judgement import judges
from pipeline.steps.making import delivers, gathers, may_go_on, renders
from pipeline.steps.ordering import obeys
from pipeline.steps.registering import numbers

__all__ = ["delivers", "files", "gathers", "judges", "may_go_on", "numbers", "obeys", "reads", "renders"]
