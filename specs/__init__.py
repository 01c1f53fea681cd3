"""What a device is and may do: the specification language, its models and its reader.

This layer knows nothing of solvers. It turns YAML text into a typed, unit-checked
:class:`~stimproof.specs.specification.Specification` or into findings that name
file, line and column.
"""
