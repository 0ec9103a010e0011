"""The mutation run of `make mutants`: break the source in one place, and see whether a test that reaches it fails."""
