"""Settings that all tests share."""

import matplotlib
from hypothesis import settings

matplotlib.use("agg")

# the same examples in every run, no clock and no files: nothing here may be flaky
settings.register_profile("fixed", derandomize=True, deadline=None, database=None, max_examples=60)
settings.load_profile("fixed")
