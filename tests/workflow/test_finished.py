"""What a finished run of the whole tiny workflow holds, and what a plan says of it."""

import hashlib
import re

import pandas as pd
from rocrate.rocrate import ROCrate
from workflow_runs import (
    REPOSITORY,
    RESULTS,
    copy_of_repository,
    snakemake,
)

from fragility.paper.claims import read_all_claims
from fragility.paper.verdicts import OWN_SETTINGS, WITHOUT_EVIDENCE
from fragility.runtime import digests


def test_every_claim_has_a_row_and_on_tiny_settings_none_has_a_verdict(finished):
    claims = read_all_claims(finished / "workflow/paper/claims")
    scores = pd.read_csv(finished / RESULTS / "scorecard.csv")
    assert list(scores["id"]) == [claim.id for claim in claims]
    without = set(WITHOUT_EVIDENCE)
    expected = [claim.rule if claim.rule in without else OWN_SETTINGS for claim in claims]
    assert list(scores["verdict"]) == expected


def test_report_is_one_file_with_the_start_page_and_every_artifact(finished):
    report = (finished / RESULTS / "report.html").read_text()
    assert "Does feature compression explain" in report
    tables = [f"Table {n}" for n in range(1, 9)]
    for title in (
        *tables,
        *(f"Figure {n}" for n in range(1, 7)),
    ):
        assert title in report
    assert 'src="http' not in report and 'href="http://' not in report.split("<body>")[0]


def test_every_page_and_figure_is_stamped_on_other_settings(finished):
    results = finished / RESULTS
    made = [*results.glob("tables/*.md"), *results.glob("pages/*.html"), *results.glob("*.html")]
    for page in [*made, *results.glob("site/*.html"), *results.glob("figures/*.svg")]:
        text = page.read_text()
        assert "Not the paper" in text or "settings are not the paper" in text, page.name
    assert not (finished / "results" / "scorecard.csv").exists()


def test_no_notebook_shows_a_warning(finished):
    """It would name the process, so that the page is another in each run."""
    books = sorted((finished / RESULTS / "notebooks").glob("*.ipynb"))
    assert books and not [book.name for book in books if '"stderr"' in book.read_text()]


def test_every_result_is_in_the_record_of_the_job_that_made_it(finished):
    results = finished / RESULTS
    there = {str(path.relative_to(finished)) for path in results.rglob("*") if path.is_file()}
    recorded = set()
    for path in sorted(results.rglob("*.json")):
        if path.name == "ro-crate-metadata.json" or "site" in path.relative_to(results).parts[:-1]:
            continue
        record = digests.read_record(path)
        assert record["versions"]["numpy"] and record["device"] == "cpu"
        assert len(record["commit"]) >= 12 and "+changes" not in record["commit"]
        assert record["threads"] == record["job"]["threads"] == 1  # the tiny digit networks' too
        recorded |= {*record["written"], str(path.relative_to(finished))}
        for written in record["written"]:
            recorded |= {
                str((finished / name).relative_to(finished))
                for name in listed_in(finished, written)
            }
    logs = {name for name in there if "/logs/" in name or "/benchmarks/" in name}
    assert recorded == there - logs


def listed_in(folder, path):
    """The files of the site's list, if ``path`` is that: relative to the repository."""
    if not path.endswith("site/files.sha256"):
        return []
    lines = (folder / path).read_text().splitlines()
    return [f"{RESULTS}/site/{line.partition('  ')[2]}" for line in lines]


def test_the_sites_list_of_files_is_complete_and_right(finished):
    site = finished / RESULTS / "site"
    lines = [line.partition("  ") for line in (site / "files.sha256").read_text().splitlines()]
    there = {str(path.relative_to(site)) for path in site.rglob("*") if path.is_file()}
    assert {name for _, _, name in lines} == there - {"files.sha256"}
    for sha256, _, name in lines:
        assert sha256 == hashlib.sha256((site / name).read_bytes()).hexdigest(), name


def test_the_crate_lists_every_result_and_the_job_that_made_it(finished):
    results = finished / RESULTS
    crate = ROCrate(results)
    for entity in crate.data_entities:
        content = (results / entity.id).read_bytes()
        assert entity["sha256"] == hashlib.sha256(content).hexdigest(), entity.id
    there = {str(path.relative_to(results)) for path in results.rglob("*") if path.is_file()}
    unlisted = {name for name in there if not name.startswith(("logs/", "benchmarks/"))}
    unlisted -= {"ro-crate-metadata.json", "crate.json", "crate.sha256"}  # written last, together
    assert {entity.id for entity in crate.data_entities} == unlisted
    made = [job["result"] for job in crate.root_dataset["mentions"]]
    names = [entity.id for files in made for entity in files]
    assert sorted(names) == sorted(unlisted)  # each by one job, once


def test_every_computing_rule_states_what_it_needs():
    """log, benchmark, threads, memory, time and a conda file that exists, in each rule."""
    for path in (REPOSITORY / "workflow/rules").glob("*.smk"):
        for rule in re.split(r"\n *rule\b", path.read_text())[1:]:
            if "shell:" not in rule:
                continue  # a named target: it computes nothing
            wanted = ["log:", "threads:", "**need(", "**job(", "conda:", "JOB"]
            wanted += ["benchmark:", "**traces("] if "output:" in rule else []
            missing = [word for word in wanted if word not in rule]
            assert not missing, f"{path.name}: {missing} in {rule[:60]}"
            conda = rule.split("conda:")[1].split('"')[1]
            assert (path.parent / conda).is_file()


def test_progress_is_kept_in_a_file(finished):
    told = (finished / RESULTS / "logs/progress.log").read_text()
    jobs = re.search(r"(\d+) jobs\n", told)[1]
    assert f"Progress: {jobs} of {jobs} jobs done" in told.splitlines()[-1]


def test_a_plan_names_jobs_time_and_disk(finished):
    words = ["--dry-run", "--quiet", "host", "rules", "progress", "--forceall"]
    told = snakemake(finished, "table_1", *words).stdout
    assert re.search(r"linear_train +1 +\d+ s +\d+ kB", told)
    assert re.search(
        r"^4 jobs\ntime: about \d+ s on \d+ cores?; \d+ s one job after the other$", told, re.M
    )
    assert re.search(r"^disk: \d+ kB; .* free$", told, re.M)


def test_a_plan_without_an_earlier_run_says_so(tmp_path):
    fresh = copy_of_repository(tmp_path / "fresh")
    told = snakemake(fresh, "table_1", "--dry-run", "--quiet", "host", "rules", "progress").stdout
    assert "time: unknown; there is no benchmark file of an earlier run" in told
    assert not (fresh / RESULTS).exists()
