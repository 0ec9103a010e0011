"""The official form: which one is in force, what it prescribes, and how it is applied to a template."""

from pipeline.layout.applying import apply
from pipeline.layout.body_lines import kept_together
from pipeline.layout.profile import FormError, NoFormInForce, Profile, all_profiles, profile_for

__all__ = ["FormError", "NoFormInForce", "Profile", "all_profiles", "apply", "kept_together", "profile_for"]
