"""Reference implementations of all wire formats in simple Python, which generate the vectors.

They do not import Sealwire and are not for production: they have no constant-time comparison, no windows and
no replay table.
"""
