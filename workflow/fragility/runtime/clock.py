"""Seconds by dimension, for the record and the plot of costs."""

import time


class Clock:
    """Adds up the seconds spent on each dimension."""

    def __init__(self) -> None:
        self._laps: dict[int, float] = {}
        self._last = time.perf_counter()

    def lap(self, d: int) -> None:
        """Add the time since the last lap to dimension ``d``."""
        now = time.perf_counter()
        self._laps[d] = self._laps.get(d, 0) + now - self._last
        self._last = now

    def record(self) -> dict:
        """The laps as a part of the record."""
        return {"seconds_by_dimension": {str(d): round(t, 4) for d, t in self._laps.items()}}
