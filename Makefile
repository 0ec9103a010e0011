# Everything a person runs here; each target stands on its own and skips what is already done.
.POSIX:
PYTHON = .venv/bin/python

.PHONY: messages
messages:
	@$(PYTHON) scripts/messages.py
