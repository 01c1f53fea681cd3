"""A run with values changed on the command line is no gate result."""

import pytest

from stimproof.gate.judgement import judge
from stimproof.hazards.trace import trace
from stimproof.project import load
from stimproof.specs.errors import InternalError
from stimproof.verify.run import verify


def test_a_changed_specification_is_never_judged():
    """The gate has no way to change a value, and refuses a verification of a changed specification."""
    project = load("drg-axium", ["contact_area=0.05 cm^2"])
    verification = verify(project.specification, only=["limits.largest_pulse_charge"])
    with pytest.raises(InternalError, match="never judged"):
        judge(verification, trace(project.risk_file, verification))
