"""What our results say of each claim: one function an experiment, claim id to estimate."""
