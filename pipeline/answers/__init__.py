"""Answers to whoever dropped a file: notes and receipts, and the file itself with its faults marked."""

from pipeline.answers.notes import Facts, Understood, received, states, values

__all__ = ["Facts", "Understood", "received", "states", "values"]
