"""What the demo stands on: building, starting, calling, attacking, and the table."""
