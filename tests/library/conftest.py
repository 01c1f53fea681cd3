"""The reference devices, verified once for all tests."""

import pytest

from device_pages import LIBRARY
from stimproof.specs.reader import read_folder
from stimproof.verify.results import Verification
from stimproof.verify.run import verify


@pytest.fixture(scope="session")
def verified() -> dict[str, Verification]:
    """What was verified so far, by device."""
    return {}


@pytest.fixture
def device(request: pytest.FixtureRequest, verified: dict[str, Verification]) -> Verification:
    """The verification of the device that a test names."""
    name = request.param
    if name not in verified:
        verified[name] = verify(read_folder(LIBRARY / name / "specs"))
    return verified[name]
