"""A fuzz target for each door by which foreign bytes come in, guided by the coverage of the program.

`make fuzz DOOR=docx RUNS=100000`. What was once found is kept in `kept/` and tried with every test run
(docs/fuzzing.md).
"""
