"""What the program itself writes into a marked copy, and what reading therefore passes over when it comes back."""

from typing import Final

#: The author of every comment and annotation of ours.
AUTHOR: Final = "vanthu"
#: The sheet that lists all faults in a marked workbook.
RESULTS_SHEET: Final = "Kết quả kiểm tra"
