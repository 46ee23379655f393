"""Reference implementations of all wire formats in plain Python. The vectors are generated with them.

The reference implementations do not use Sealwire. They must not be used in production, because they have no
constant-time comparison, no time windows and no replay table.
"""
