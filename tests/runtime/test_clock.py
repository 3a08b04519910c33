"""Seconds by dimension: laps are added up, in the order in which dimensions first come."""

from fragility.runtime import clock


def test_laps_are_added_up_by_dimension(monkeypatch):
    times = iter([10.0, 11.5, 12.0, 14.00004])
    monkeypatch.setattr(clock.time, "perf_counter", lambda: next(times))
    laps = clock.Clock()
    for d in (7, 12, 7):
        laps.lap(d)
    record = laps.record()
    assert record == {"seconds_by_dimension": {"7": 3.5, "12": 0.5}}
    assert list(record["seconds_by_dimension"]) == ["7", "12"]
