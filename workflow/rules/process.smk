"""All changes to Snakemake's process: the log's handler, the limit on GPUs, the shell's prefix."""

import shlex

from fragility.runtime import progress

progress.follow(workflow, Path(RESULTS))

# Set by --cache; a job in another process, as on a cluster, neither reads nor fills the cache.
CACHING = workflow.is_main_process and workflow.workflow_settings.cache is not None

# Rules ask for a GPU where they can use one; a run gives them none unless --resources or a profile
# says so.  (profiles/default cannot hold the limit: it would overrule the other profiles.)  The
# Snakemake inside a cluster job does not get the run's limit, so an environment variable has it.
if workflow.is_main_process:
    os.environ["FRAGILITY_GPU"] = str(workflow.global_resources.get("gpu").value or 0)
workflow.register_resource("gpu", int(os.environ["FRAGILITY_GPU"]))


envvars:
    "FRAGILITY_GPU",


# Jobs find the library wherever they run: Snakemake clears PYTHONPATH for conda jobs, but not this
# one; and a user's own packages are not used, also without make.
shell.prefix(
    "set -euo pipefail; export PYTHONNOUSERSITE=1; "
    f"export PYTHONPATH={shlex.quote(str(WORKFLOW))}; "
)
