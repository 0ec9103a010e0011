"""config.yaml: the one place where a working folder is set up, read once, by `pipeline.app.opening` only.

`load` gives a frozen `Config` whose folders are absolute paths, or one `ConfigError` that lists *all* problems, each
with its line; folders arranged so that documents could be lost are an `UnsafeSetupError`. Every key can be overridden
by an environment variable: `watching.scan_seconds` by `VANTHU_WATCHING__SCAN_SECONDS`, `year` by `VANTHU_YEAR`.
Stages never see this package (import-linter holds them to it): they get the values they need.
"""

from pipeline.config.keys import Key, all_keys
from pipeline.config.loading import FILE_NAME, load
from pipeline.config.settings import Config

__all__ = ["FILE_NAME", "Config", "Key", "all_keys", "load"]
