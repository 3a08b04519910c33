"""Check Lemma 2: a chi-square law's exact tail against the bound, and by simulation."""

from argparse import Namespace

import pandas as pd

from fragility.runtime import command, files
from fragility.runtime.seeds import generator
from fragility.statements.lemma_2.closed_form import log_bound, log_probability
from fragility.statements.lemma_2.simulation import hits


def main(args: Namespace) -> dict:
    """Write a CSV, a row per (d, alpha): log_bound, log_probability, and hits among draws."""
    rows = []
    clock = command.Clock()
    alphas, draws = args.settings["alphas"], args.settings["draws"]
    for d in args.settings["dimensions"]:
        found = hits(d, alphas, draws, generator(args.seed, "theory", "lemma_2", d))
        for alpha, count in zip(alphas, found, strict=True):
            row = {"d": d, "alpha": alpha, "log_bound": float(log_bound(alpha, d))}
            row |= {"log_probability": float(log_probability(alpha, d))}
            rows.append(row | {"hits": count, "draws": draws})
        clock.lap(d)
    files.write_csv(pd.DataFrame(rows), args.output)
    return clock.record()


if __name__ == "__main__":
    command.run(main, command.statement_parser(__doc__))
