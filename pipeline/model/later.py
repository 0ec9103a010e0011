"""What may be decided about a document after it was filed."""

import enum


class Standing(enum.StrEnum):
    """Why a further paper is filed with a document; what was filed before stays where it is in every case."""

    RESCAN = "rescan"  #: a better or a complete scan of the same paper
    WRONG = "wrong"  #: what was filed is another paper; this one is the document's
    ORIGINAL = "original"  #: the paper original beside the electronic one, or the other way round: both are valid


class Amendment(enum.StrEnum):
    """What a document does to one that was issued before (NĐ30 Điều 18)."""

    CORRECTS = "corrects"  #: đính chính
    REPLACES = "replaces"  #: thay thế
    WITHDRAWS = "withdraws"  #: thu hồi
