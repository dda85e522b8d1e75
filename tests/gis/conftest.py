"""How random shapes are drawn."""

from hypothesis import HealthCheck, settings

# A busy machine is no failure: no test here is about time.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
