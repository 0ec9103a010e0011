"""The official form: which one is in force, what it prescribes, and how a template is dressed in it."""

from pipeline.form.dress import dress
from pipeline.form.profile import FormError, NoFormInForce, Profile, all_profiles, profile_for

__all__ = ["FormError", "NoFormInForce", "Profile", "all_profiles", "dress", "profile_for"]
