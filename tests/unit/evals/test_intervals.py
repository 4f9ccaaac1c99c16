"""Intervals are what they should be, and the same each time."""

from __future__ import annotations

import numpy as np
import pytest

from evals.intervals import mcnemar, of_mean, of_ratio, of_rows, of_sums, share, wilson

VALUES = [0.0, 1.0] * 50
OWN = [str(number) for number in range(100)]


def test_the_interval_of_a_mean_is_near_the_textbook_one() -> None:
    value, low, high = of_mean(VALUES, clusters=OWN)
    assert value == 0.5
    assert low == pytest.approx(0.402, abs=0.01)
    assert high == pytest.approx(0.598, abs=0.01)


def test_the_same_values_give_the_same_interval() -> None:
    assert of_mean(VALUES, clusters=OWN) == of_mean(VALUES, clusters=OWN)


def test_cases_of_one_cluster_are_drawn_together_so_the_interval_is_wider() -> None:
    values = [0.0] * 50 + [1.0] * 50
    alone = of_mean(values, clusters=OWN)
    together = of_mean(values, clusters=[str(number // 10) for number in range(100)])
    assert together.high - together.low > 2 * (alone.high - alone.low)


def test_a_rate_no_case_reaches_is_not_shown_as_certain() -> None:
    assert tuple(of_mean([0.0] * 60, clusters=OWN[:60])) == pytest.approx((0.0, 0.0, 0.060), abs=0.001)
    assert tuple(of_mean([1.0] * 60, clusters=OWN[:60])) == pytest.approx((1.0, 0.940, 1.0), abs=0.001)


def test_wordings_of_one_question_make_a_perfect_rate_no_surer() -> None:
    assert of_mean([1.0] * 60, clusters=["one"] * 60).low < 0.25


def test_only_cases_with_a_say_make_a_perfect_ratio_sure() -> None:
    rows = [(0.0, 0.0)] * 50 + [(1.0, 1.0)] * 10
    assert of_ratio(rows, clusters=OWN[:60], statistic=share).low == pytest.approx(wilson(10, 10, 1.0).low)


def test_a_ratio_pools_its_counts() -> None:
    assert of_sums([(1, 1), (0, 3)], clusters=["a", "b"], statistic=share).value == 0.25


def test_a_statistic_of_rows_has_an_interval_too() -> None:
    rows = np.array([[value] for value in VALUES])
    value, low, high = of_rows(rows, clusters=OWN, statistic=lambda drawn: float(drawn.mean()))
    assert (value, low < 0.45, high > 0.55) == (0.5, True, True)


@pytest.mark.parametrize(("better", "worse", "p"), [(0, 0, 1.0), (5, 0, 0.0625), (1, 9, 0.021484375), (5, 5, 1.0)])
def test_mcnemar_is_the_exact_two_sided_binomial(better: int, worse: int, p: float) -> None:
    assert mcnemar(better, worse) == pytest.approx(p)
