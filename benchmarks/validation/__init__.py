"""Validation of one submission against the straightforward libraries: jsonschema and cel-python."""
