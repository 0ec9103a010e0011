"""Answers in one pass: planted faults that are named at their place, and false alarms (docs/measures.md)."""
