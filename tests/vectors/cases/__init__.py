"""The cases of the vector files. Each module contains the cases of a file. Expected results are written by
hand, and signatures are computed by the reference implementations."""
