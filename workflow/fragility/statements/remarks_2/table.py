"""Remarks 2's table: the columns of its summary that are shown, and their headings."""

HEADINGS = {
    "d": "d",
    "trials": "trials",
    "network_average": "network, average",
    "network_average_predicted": "network, average, law",
    "network_worst": "network, worst",
    "network_worst_predicted": "network, worst, bound for large d",
    "optimal_average": "optimal, average",
    "optimal_average_predicted": "optimal, average, law",
    "optimal_worst": "optimal, worst",
    "optimal_worst_predicted": "optimal, worst, law",
    "network_above": "network: share above its law's median",
    "optimal_above": "optimal: share above its law's median",
    "network_never": "network: share that never flips",
    "optimal_never": "optimal: share that never flips",
    "never_predicted": "never flips, law (1/d)",
}
