"""One metric a file: what it measures, its range and its unit."""
