"""The cases, with one module per file of vectors. Expected results are written by hand; bytes come from the
reference."""
