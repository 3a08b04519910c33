"""Where results come from, from made-up records."""

from fragility.report.provenance import provenance


def test_each_record_has_a_row_with_its_facts():
    record = {
        "script": "train.py", "job": {"settings": {"seed": 7}}, "device": "cpu", "threads": 1,
        "versions": {"numpy": "2.0", "torch": "3.0"}, "commit": "abc",
        "started": "2026-01-01T00:00:00Z", "seconds": 90.04, "peak_memory_mb": 300,
    }  # fmt: skip
    other = record | {"job": {"settings": {}}, "commit": "def"}
    rows = provenance({"a.json": record, "b.json": other}).to_dict("records")
    assert [row["result"] for row in rows] == ["a.json", "b.json"]
    assert [row["seed"] for row in rows] == [7, ""]
    assert [row["commit"] for row in rows] == ["abc", "def"]
    assert rows[0]["versions"] == "numpy 2.0, torch 3.0" and rows[0]["seconds"] == 90.0
