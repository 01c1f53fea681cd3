"""The reference devices, each verified once for all tests about it."""

import pytest

from device_pages import LIBRARY
from stimproof.specs.reader import read_folder
from stimproof.verify.results import Verification
from stimproof.verify.run import verify


@pytest.fixture(scope="session")
def device(request: pytest.FixtureRequest) -> Verification:
    """The verification of the device that a test names; pytest runs what concerns one device together."""
    return verify(read_folder(LIBRARY / request.param / "specs"))
