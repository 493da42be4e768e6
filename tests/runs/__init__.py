"""Tests of studies: their files, designs, runs and analysis."""
