"""What the program itself writes into a marked copy, so that whoever looks at the copy later can tell it.

Reading passes it over, the check of the official form does not hold it against anybody, and marking takes it away
before it marks anew.
"""

from typing import Final

from pipeline.model import Severity

#: The author of every comment and annotation of ours.
AUTHOR: Final = "vanthu"
#: The sheet that lists all faults in a marked workbook.
RESULTS_SHEET: Final = "Kết quả kiểm tra"
#: Backgrounds on which black text stays readable, also printed (near those of Excel's "bad", "neutral" and "note";
#: not the same, so that in a Word file they can be told from colours that people choose).
COLOURS: Final = {Severity.BLOCK: "FFC7CD", Severity.WARN: "FFEB9B", Severity.INFO: "DDEBF6"}
