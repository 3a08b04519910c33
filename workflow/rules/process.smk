"""What changes the process, all of it: the shell's first words, the limit on GPUs, who listens to the log."""

import shlex

from fragility.runtime import progress

progress.follow(workflow, Path(RESULTS))

# Asked for with --cache; a job that runs elsewhere, as on a cluster, neither takes nor gives.
CACHING = workflow.is_main_process and workflow.workflow_settings.cache is not None

# Rules ask for a GPU where they can use one; a run hands out none unless --resources or a profile
# says so.  (profiles/default cannot hold the limit: it would overrule the other profiles.)  The
# Snakemake inside a cluster job is not told the run's limit, so the environment tells it.
if workflow.is_main_process:
    os.environ["FRAGILITY_GPU"] = str(workflow.global_resources.get("gpu").value or 0)
workflow.register_resource("gpu", int(os.environ["FRAGILITY_GPU"]))


envvars:
    "FRAGILITY_GPU",


# Jobs find the library wherever they run: a conda job keeps no PYTHONPATH but this one, and only
# make keeps a user's own packages out.
shell.prefix(
    "set -euo pipefail; export PYTHONNOUSERSITE=1; "
    f"export PYTHONPATH={shlex.quote(str(WORKFLOW))}; "
)
