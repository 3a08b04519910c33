"""The provenance page, from made-up records."""

from fragility.report.provenance import provenance_page

STAMP = ["linear.width: 10 (full run: 3000)"]


def test_the_provenance_page_sums_up_its_records():
    record = {
        "script": "train.py", "job": {"settings": {"seed": 7}}, "device": "cpu", "threads": 1,
        "versions": {"numpy": "2.0"}, "commit": "abc", "started": "2026-01-01T00:00:00Z",
        "seconds": 90.0, "peak_memory_mb": 300,
    }  # fmt: skip
    records = {"a.json": record, "b.json": record | {"commit": "def", "peak_memory_mb": 500}}
    page = provenance_page(records, {"seed": 7, "note": "<x>"}, "fed", STAMP)
    for text in ("3.0 minutes", "500 MB", "abc, def", "fed", "numpy 2.0", "a.json", "b.json"):
        assert text in page
    assert page.count("<td>7</td>") == 2  # the seeds of both
    assert "note: &lt;x&gt;" in page
    assert STAMP[0] in page
