"""Reference implementations of all wire formats in plain Python, which compute the test vectors.

They do not use Sealwire. Do not use them in production, because they have no constant-time comparison, no
time windows and no replay table.
"""
