"""Feature compression and adversarial fragility (arXiv 2406.16200), rebuilt and checked.

A table of contents: config.yaml holds the settings, workflow/rules the rules of each experiment,
workflow/scripts the programs that rules run, workflow/fragility the library that programs call.
"""

import sys

from snakemake.exceptions import WorkflowError
from snakemake.utils import min_version

min_version("9.27")

sys.path.insert(0, str(workflow.current_basedir.join("workflow")))

from fragility.runtime import settings as configuration


configfile: "config.yaml"


try:
    configuration.check(config)
except configuration.ConfigError as error:
    raise WorkflowError(str(error))


report: "workflow/report/start.rst"


include: "workflow/rules/common.smk"
include: "workflow/rules/process.smk"
include: "workflow/rules/linear.smk"
include: "workflow/rules/linear_notebooks.smk"
include: "workflow/rules/relu.smk"
include: "workflow/rules/relu_notebooks.smk"
include: "workflow/rules/mnist.smk"
include: "workflow/rules/mnist_notebooks.smk"
include: "workflow/rules/imagenet.smk"
include: "workflow/rules/imagenet_notebooks.smk"
include: "workflow/rules/causes.smk"
include: "workflow/rules/dimension.smk"
include: "workflow/rules/dimension_notebooks.smk"
include: "workflow/rules/theory.smk"
include: "workflow/rules/accounts.smk"
include: "workflow/rules/accounts_notebooks.smk"
include: "workflow/rules/audit.smk"
include: "workflow/rules/experiments.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/site.smk"
include: "workflow/rules/stability.smk"
include: "workflow/rules/cache.smk"


# All files of the run are inputs, so that a deleted one is made again.
rule all:
    default_target: True
    input:
        lambda wildcards: files_until(*BEFORE_CRATE, "crate"),
