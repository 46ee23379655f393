"""Each wire format once more, in the plainest Python there is: the second opinion the vectors are made from.

Nothing here imports Sealwire, and nothing here is meant for production: no constant time, no windows, no replay table.
"""
