"""ImageNet: Tables 7 and 8, Figures 4 to 6."""
