"""The benchmark of ingest runs at its smallest size, and says how long the slowest took as it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest

from benchmarks import ingest
from benchmarks.posting import percentile


@pytest.mark.parametrize(("share", "value"), [(0.5, 50.0), (0.99, 99.0), (1.0, 100.0), (0.001, 1.0)])
def test_a_percentile_is_the_value_that_a_share_of_times_does_not_pass(share: float, value: float) -> None:
    assert percentile([float(number) for number in range(1, 101)], share) == value


def test_loads_are_measured_with_record_graphs_and_without() -> None:
    asked: list[tuple[str, ...]] = []

    class Recorded:
        def load(self, kind: str, count: int, *options: str) -> Iterable[str]:
            asked.append((kind, str(count), *options))
            return (f"{kind}-{count}", "alone")

    sizes = ingest.Sizes(rows=(5,), plain_rows=(7,), envelopes=(3,), batches={}, steady_s=0.0)
    found: Sequence[object] = list(ingest.loads(Recorded(), sizes))  # type: ignore[arg-type]  # one of its methods
    assert found == ["rows-5", "alone", "envelopes-3", "alone", "rows-7", "alone"]
    assert asked == [("rows", "5"), ("envelopes", "3"), ("rows", "7", "--no-record-graphs")]
