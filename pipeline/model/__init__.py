"""The frozen values that pass between stages, and the states a job can be in.

Nothing here does anything: no file, no database, no configuration. Dates and times are aware `datetime`s or
`date`s; hashes are lower-case hexadecimal sha256.
"""

from pipeline.model.address import (
    EVERY,
    WHOLE,
    Address,
    Step,
    of_box_name,
    of_excel_name,
    of_field_name,
    put,
    value_at,
)
from pipeline.model.document import Description, Direction, Identity, number_parts
from pipeline.model.finding import Finding, Place, Severity
from pipeline.model.form_tree import GROUP, LIST, TABLE, VALUE, Field, FormTree, Rows
from pipeline.model.job import Artifact, Job, Role
from pipeline.model.json_value import NOTHING, Json, JsonObject
from pipeline.model.later import Amendment, Standing
from pipeline.model.message import Message, Number, Value
from pipeline.model.order import Order, Reply, Task
from pipeline.model.outside import OutsideFacts, Proposal
from pipeline.model.person import Person, PersonRole
from pipeline.model.reading import (
    LikelyDocument,
    PlacedPage,
    Reading,
    Recognition,
    Rendition,
    SeenMark,
    SeenSignature,
    ShownLines,
)
from pipeline.model.scan import Colour, MeasuredSheet, TextLayer
from pipeline.model.signature import (
    Authority,
    DigitalSignature,
    Revocation,
    SignatureCheck,
    TimeSource,
    Verdict,
)
from pipeline.model.states import AFTER_ACCEPTANCE, AFTER_SIGNATURE, AWAITED, TRANSITIONS, State
from pipeline.model.table import Table, TableCell, TableRow, Tables
from pipeline.model.text_template import TemplateFault, TextTemplate

__all__ = [
    "AFTER_ACCEPTANCE",
    "AFTER_SIGNATURE",
    "AWAITED",
    "EVERY",
    "GROUP",
    "LIST",
    "NOTHING",
    "TABLE",
    "TRANSITIONS",
    "VALUE",
    "WHOLE",
    "Address",
    "Amendment",
    "Artifact",
    "Authority",
    "Colour",
    "Description",
    "DigitalSignature",
    "Direction",
    "Field",
    "Finding",
    "FormTree",
    "Identity",
    "Job",
    "Json",
    "JsonObject",
    "LikelyDocument",
    "MeasuredSheet",
    "Message",
    "Number",
    "Order",
    "OutsideFacts",
    "Person",
    "PersonRole",
    "Place",
    "PlacedPage",
    "Proposal",
    "Reading",
    "Recognition",
    "Rendition",
    "Reply",
    "Revocation",
    "Role",
    "Rows",
    "SeenMark",
    "SeenSignature",
    "Severity",
    "ShownLines",
    "SignatureCheck",
    "Standing",
    "State",
    "Step",
    "Table",
    "TableCell",
    "TableRow",
    "Tables",
    "Task",
    "TemplateFault",
    "TextLayer",
    "TextTemplate",
    "TimeSource",
    "Value",
    "Verdict",
    "number_parts",
    "of_box_name",
    "of_excel_name",
    "of_field_name",
    "put",
    "value_at",
]
