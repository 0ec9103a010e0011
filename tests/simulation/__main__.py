"""`python -m tests.simulation`."""

from tests.simulation.living import main

raise SystemExit(main())
