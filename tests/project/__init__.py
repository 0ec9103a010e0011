"""Tests of the project itself: what an import costs, its set-up."""
