"""The digital signatures of a PDF, each with a verdict. The file is only ever read: any change would break them.

All of it runs in the guarded child: a PDF and what stands in its signatures are foreign bytes.
"""

import datetime as dt
import logging
from pathlib import Path

from pipeline.model import SignatureCheck

#: Why nothing was checked: the library is not installed, the file cannot be read by it, a limit was reached.
NO_LIBRARY = "no-library"
NOT_READ = "not-read"


def check_signatures(path: str, certificates: str, received_at: dt.datetime) -> SignatureCheck:
    """Check the digital signatures of a PDF file against the office's folder `certificates`, as of its receipt."""
    try:
        # here, not above: it costs a second, and most papers are scans
        from pipeline.papers.signature_validation import validated
        from pipeline.papers.trust import read_trust
    except ImportError:
        return SignatureCheck(problem=NO_LIBRARY)
    # it writes a traceback for each certificate that it does not trust
    for name in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    return validated(Path(path).read_bytes(), read_trust(Path(certificates)), received_at)
