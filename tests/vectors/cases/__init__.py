"""The test cases in the vector files. Expected results are written by hand, and the reference implementations
compute the signatures."""
