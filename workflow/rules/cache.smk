"""The cache between workflows (--cache): drawn matrices and trained networks, shared by checkouts.

Snakemake names what it keeps by a hash over the shell command, params, the content of inputs that
no job makes (the code among them) and the same of the jobs before.  It leaves out wildcards, so the
cached rules take theirs as params; resources, so nothing is kept where jobs get a GPU; and what is
installed, so each set of versions has a folder of its own.
"""

from fragility.runtime import environment

LOCATION = "SNAKEMAKE_OUTPUT_CACHE"

if CACHING:
    if dict(workflow.global_resources.unwrapped_items()).get("gpu") != 0:
        raise WorkflowError(
            "--cache keeps what was computed on the CPU: leave it out, or the GPU (--resources gpu=0)"
        )
    if not os.environ.get(LOCATION):
        raise WorkflowError(f"--cache needs a folder: export {LOCATION}=FOLDER")
    folder = Path(os.environ[LOCATION], f"environment-{environment.fingerprint()}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WorkflowError(f"{LOCATION} is no place for a cache: {error}")
    os.environ[LOCATION] = str(folder)
    for each in workflow.rules:
        # Snakemake refuses to cache a rule that is timed: what comes from the cache took no time
        if each.cache.output:
            each._benchmark = None
