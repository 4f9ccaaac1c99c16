"""Every metric: whatever module beside this one has a ``METRIC``."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

import evals.metrics
from evals.metrics.base import Metric


@cache
def metrics() -> Mapping[str, Metric]:
    """The metrics by name, in the order of their names."""
    modules = [
        importlib.import_module(f"evals.metrics.{each.name}") for each in pkgutil.iter_modules(evals.metrics.__path__)
    ]
    found = (module.METRIC for module in modules if hasattr(module, "METRIC"))
    return {metric.name: metric for metric in sorted(found, key=lambda metric: metric.name)}
