"""Tests of ``reports.siting``."""
