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
#: The sheet of our own forms that says how they are filled in.
GUIDE_SHEET: Final = "HuongDan"
#: Hidden sheets of our own forms: what a program reads of them, and the lists that cells offer.
META_SHEET: Final = "_meta"
LIST_SHEET: Final = "_danh_sach"
#: Backgrounds on which black text stays readable, also printed: red, orange (places to fill in are yellow in our own
#: forms) and blue. None is a colour that office programs offer, so that in a Word file ours can be told from others.
COLOURS: Final = {Severity.BLOCK: "FFC7CD", Severity.WARN: "FFD27F", Severity.INFO: "DDEBF6"}
