"""Whole runs: from a configuration to a finished model and its report."""
