"""The cache between workflows (--cache): drawn matrices and trained networks, shared by checkouts.

The name of an entry is a hash of the shell command, the params, the content of inputs that no job
makes (the code among them), and the same of the jobs before.  Wildcards are not in it, so cached
rules take theirs as params.  Resources are not in it, so nothing is kept where jobs get a GPU.
Installed packages are not in it, so each set of versions has a folder of its own.
"""

from fragility.runtime import environment

LOCATION = "SNAKEMAKE_OUTPUT_CACHE"

if CACHING:
    if dict(workflow.global_resources.unwrapped_items()).get("gpu") != 0:
        raise WorkflowError(
            "--cache works only without a GPU.  Remove --cache, or add --resources gpu=0"
        )
    if not os.environ.get(LOCATION):
        raise WorkflowError(f"--cache needs a folder: export {LOCATION}=FOLDER")
    folder = Path(os.environ[LOCATION], f"environment-{environment.fingerprint()}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WorkflowError(f"{LOCATION} cannot be used for the cache: {error}")
    os.environ[LOCATION] = str(folder)
    for each in workflow.rules:
        # Snakemake refuses to cache a rule with a benchmark: a file from the cache took no time
        if each.cache.output:
            each._benchmark = None
