"""What makes a job run and be trusted: files, devices, seeds, code, settings, plan, progress."""
