"""Small machines described plainly, and an explicit-state search over them.

Nothing here imports stimproof: the description, its meaning and the search are written a second time, so
that agreement with the verification layer says something.
"""
