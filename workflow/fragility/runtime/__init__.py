"""Jobs and their records, files, devices, seeds, code as input, settings, plan, progress."""
