"""Check every file of a finished run against the records of the jobs that wrote and read it."""

from fragility.runtime import chain, job


def main(*, jobs: list[list], results: str) -> None:
    """Print how many files of how many jobs are unchanged.

    Raises:
        job.ResultError: a file is missing or changed; the message lists all such files.
    """
    every = [chain.Made(*each) for each in jobs]
    wrong = chain.broken(every, results)
    if wrong:
        raise job.ResultError(chain.told(wrong, most=len(wrong)))
    n_files = sum(len(each.files) + 1 for each in every)
    print(f"{n_files} files of {len(every)} jobs are as those jobs wrote and read them")


if __name__ == "__main__":
    job.run(main)
