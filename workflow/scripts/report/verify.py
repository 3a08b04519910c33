"""Hold every file of a finished run to the records of the jobs that wrote and read it."""

from fragility.runtime import chain, job


def main(*, jobs: list[list], results: str) -> None:
    """Say how many files were held to how many records, or every line of what is wrong."""
    every = [chain.Made(*each) for each in jobs]
    wrong = chain.broken(every, results)
    if wrong:
        raise job.ResultError(chain.told(wrong, most=len(wrong)))
    n_files = sum(len(each.files) + 1 for each in every)
    print(f"{n_files} files of {len(every)} jobs are what those jobs wrote, and read")


if __name__ == "__main__":
    job.run(main)
