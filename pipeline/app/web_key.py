"""The secret by which the office signs what it sends out of the house by itself: messages to webhooks, links."""

import hashlib
import hmac
from pathlib import Path
from typing import Final

from pipeline.files.secret_key import secret_key
from pipeline.messages import say

FILE_NAME: Final = "web.key"


def web_key(var: Path, purpose: str) -> bytes:
    """Give the secret for one purpose (32 bytes), made of the key kept in `var`, which is made when there is none.

    Raises UnsafeSetupError when the file is no key, CannotWrite when it cannot be made.
    """
    path = var / FILE_NAME
    lost = say(
        "“{path}” is not the key it was, or cannot be read. Bring it back from the backup; or move it away: then a "
        "new one is made, links that were given hold no more, and each webhook has another secret.",
        path=str(path),
    )
    return hmac.new(secret_key(path, lost), purpose.encode(), hashlib.sha256).digest()
