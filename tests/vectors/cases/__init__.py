"""The cases, one module per file of vectors. Expectations are written by hand; bytes come from the reference."""
