"""The parts of the demo: building, starting, calling, attacking, and the table."""
