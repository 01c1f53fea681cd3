"""What every test shares: hypothesis without wall clocks, and no memory of earlier runs."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "stimproof",
    deadline=None,  # a slow machine is not a defect
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    print_blob=True,
)
settings.load_profile("stimproof")
os.environ["STIMPROOF_CACHE"] = "off"
