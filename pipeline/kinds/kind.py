"""A document kind as a value: what its folder says, compiled and ready."""

import copy
import datetime as dt
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.messages import VIETNAMESE, shown_in
from pipeline.model import EVERY, WHOLE, Address, Field, FormTree, Json, JsonObject, Message, TextTemplate, value_at
from pipeline.rules import RuleBook

#: Years of keeping that mean "for good".
PERMANENT = 0


@dataclass(frozen=True)
class Gather:
    """Documents of another kind this one is made of: one accepted one of each member unit."""

    kind: str
    each: str


@dataclass(frozen=True)
class Subject:
    """The trích yếu: one sentence, or one for each value of the choice `by`; {year.…} and {doc.…} are filled in."""

    sentences: Mapping[str, TextTemplate]  #: by the choice's code; "" where there is one for all
    by: Address = WHOLE  #: the choice; the whole form when there is none


@dataclass(frozen=True)
class Reminding:
    """Which forms a kind of letter reminds of, and what the letter rests on."""

    purposes: Mapping[str, str]  #: by kind reminded of: the choice of the letter's variant ("don_doc_dang_ky")
    basis: str = ""  #: the kind whose registered document the letter carries out; "" when it rests on none


@dataclass(frozen=True)
class Signing:
    """Who signs and how it is laid out.

    `block` is "head" (one signer, at the right), "grid" (every party, the head unit first) or "pair" (secretary left,
    chair right). `of` says whose signatory: "cum_truong", "submitter" or "parties"; the others are groups of
    the form.
    """

    block: str
    of: str = ""
    left: Address = WHOLE
    right: Address = WHOLE
    witness: Address = WHOLE


@dataclass(frozen=True)
class DigitalSigning:
    """Who must sign a document digitally, where it is signed so and not on paper.

    `by` holds "person" (each whose name stands under a signature), "organisation" or both, in the order of signing;
    `organisations` are the names in the organisation's certificate, none for those the year knows. With
    `picture_suffices` a picture of a person's signature on the page does instead of the person's digital one.
    """

    by: tuple[str, ...] = ("person", "organisation")
    organisations: tuple[str, ...] = ()
    picture_suffices: bool = False


@dataclass(frozen=True)
class Kind:
    """One document kind, as its folder was when it was loaded; `digest` is the sha256 of the packed folder."""

    id: str
    title: Message
    type_name: str  #: tên loại as printed (in capitals): the title, unless they differ; "" for a công văn
    abbreviation: str
    form_titles: tuple[str, ...]  #: by which a form is known: "BẢN ĐĂNG KÝ THI ĐUA"
    subject: Subject
    #: whether an official form is asked of its papers; False: a đơn, a lý lịch, a phiếu looks as its template does
    has_form: bool
    form_family: str  #: "party" or "state": whose dates, numbers and fixed texts its template prints
    submitted_by: str  #: "unit" or "cluster"
    gathers: tuple[Gather, ...]
    register: str  #: "outgoing", "incoming" or "none"
    series: str
    issuer: str  #: symbol of another issuing body than the cluster, whose numbers are a run of their own; else ""
    joint_with: tuple[str, ...]  #: symbols of those that issue it with the lead, whose run goes on
    #: "filing": when the signed paper is filed; "filling": when the document is made, which then bears it
    number_at: str
    number_printed: bool
    date_field: Address  #: the document's own date
    variant: Address  #: the choice that tells several documents of one year apart; empty when there is one
    round: Address  #: the whole number that tells a second reminder from the first; empty when there is none
    deadline: str  #: code of the year's milestone by which it is due; "" when the year sets no day
    reminding: Reminding | None  #: of a kind of letter that reminds of other kinds; None for all others
    signing: Signing
    #: None where kind.yaml says nothing and more than one person signs: then a person looks who has signed
    digital_signing: DigitalSigning | None
    recipients: tuple[str, ...]  #: keys of the year's recipients, or pointers of persons in the form
    retention_years: int  #: PERMANENT for good
    fields: FormTree
    rules: RuleBook
    template: bytes = field(repr=False)
    digest: str = ""

    @property
    def title_vi(self) -> str:
        """What the kind is called on papers."""
        return shown_in(self.title, VIETNAMESE)

    @property
    def field_names(self) -> frozenset[str]:
        """The names of the form's own fields (those inside groups and tables aside)."""
        return frozenset(one.name for one in self.fields.root.children)

    @property
    def citations(self) -> frozenset[Address]:
        """The fields that cite other papers."""
        return frozenset(
            one.address for one in self.fields if "doc_ref" in {one.x_type, one.item and one.item.x_type}
        )

    @property
    def cites(self) -> bool:
        """Whether the form cites any paper."""
        return bool(self.citations)

    def marks_of(self, letter_office: str, issuer: str) -> tuple[str, str]:
        """What stands for {type} and {issuer} in a number: ("KH", "CTĐ4").

        A State công văn names the issuer and the office that wrote it (`letter_office` of the form: "01/CTĐ4-VP")
        instead of a type (NĐ30, Mẫu 1.5); of a joint document all issuers stand, the lead first
        ("05-QC/BTCTU-BNCTU", HD05 II.3.1).
        """
        issuer = self.symbol_of(issuer)
        return (issuer, letter_office) if letter_office and not self.type_name else (self.series, issuer)

    def symbol_of(self, issuer: str) -> str:
        """The symbol of who issues it, where the office's own is `issuer`."""
        return "-".join((self.issuer or issuer, *self.joint_with))

    def variant_of(self, values: JsonObject) -> str:
        """Which of the kind's documents of one year a form is about; "" when there is only one.

        The code of a choice ("trien_khai"), and from the second time on how often ("dinh_chinh-2"); of a kind without
        choices the number alone ("2").
        """
        found = value_at(values, self.variant) if self.variant else ""
        time = value_at(values, self.round) if self.round else 1
        again = str(time) if isinstance(time, int) and time > 1 else ""
        return "-".join(part for part in (found, again) if part) if isinstance(found, str) else ""

    def date_of(self, values: JsonObject) -> dt.date | None:
        """The document's own date, None while the form does not say it."""
        found = value_at(values, self.date_field)
        try:
            return dt.date.fromisoformat(found) if isinstance(found, str) else None
        except ValueError:
            return None

    def subject_of(self, values: JsonObject, year: JsonObject) -> str:
        """The trích yếu of a document: the form's own, or the kind's with its names filled in."""
        own = values.get("subject")
        if isinstance(own, str) and own:
            return own
        choice = value_at(values, self.subject.by) if self.subject.by else ""
        sentence = self.subject.sentences.get(str(choice))
        names: Mapping[str, Json] = {"doc": values, "year": year}
        return sentence.filled_by(lambda name: _text(_named(name, names))) if sentence else ""

    def completed(self, values: JsonObject, year: JsonObject) -> JsonObject:
        """The form's values with every empty place that has an `x-default` filled from the year or the form itself.

        `year` is `Year.as_values` on the document's date. Values that are there are never changed.
        """
        made = copy.deepcopy(values)
        # what comes from the form itself may come from a place the year has just filled
        for one in sorted(
            (one for one in self.fields if one.default), key=lambda one: one.default.startswith("doc.")
        ):
            _complete(made, one, {"doc": made, "year": year})
        return made


def _text(value: Json) -> str:
    return "" if value is None else str(value)


def _named(dotted: str, names: Mapping[str, Json]) -> Json:
    """The value of "year.milestone.M_HOINGHI.due"."""
    root, _, path = dotted.partition(".")
    return value_at(names.get(root), Address.of_dotted(path))


def _complete(made: JsonObject, one: Field, names: Mapping[str, Json]) -> None:
    """Put the default of one field where it is empty; a group around it is made, a row never."""
    default = _named(one.default, names)
    if default in (None, "", [], {}):
        return
    places: list[Json] = [made]
    for step, below in itertools.pairwise(one.address):
        if step == EVERY:
            places = [row for rows in places if isinstance(rows, list) for row in rows]
        elif below == EVERY:
            places = [place.get(str(step)) for place in places if isinstance(place, dict)]
        else:
            places = [place.setdefault(str(step), {}) for place in places if isinstance(place, dict)]
    for place in places:
        if isinstance(place, dict) and place.get(one.name) in (None, "", [], {}):
            place[one.name] = copy.deepcopy(default)
