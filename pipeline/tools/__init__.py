"""Outside programs and guarded processes: one module for each."""
