"""`python -m pipeline` is `vanthu`."""

from pipeline.cli import main

main()
