"""A run as one page: plots as inline SVG with their numbers beside them, and every case with its answer."""
