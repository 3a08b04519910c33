"""Root cause?  Experiments that change one thing at a time, a folder for each question."""
