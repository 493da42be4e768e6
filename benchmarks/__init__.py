"""Speed as ratios within one run, and the state of the world it was measured on."""
