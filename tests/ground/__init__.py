"""Tests of the ground: messages, files, naming, config, logs, set-up."""
