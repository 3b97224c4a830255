"""Wall time, processor time and peak memory of whole processes.

A child's peak memory counts from its fork and so is never below that of the measuring process:
that one must stay small. It imports no Polars, and data are generated in a process of their own.
"""

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """What one process, or the median of several, takes."""

    seconds: float
    megabytes: float
    cpu: float


class CommandFailedError(Exception):
    """A measured command ended with another status than 0."""


def run(command: Sequence[str], folder: Path) -> Cost:
    """Run the command once, in the folder."""
    with tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            errors.seek(0)
            said = errors.read().decode(errors="replace").strip()
            raise CommandFailedError(f"{' '.join(command)}: status {process.returncode}: {said}")
    return Cost(seconds, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime)


def alternate(commands: Mapping[str, Sequence[str]], rounds: int, folder: Path) -> dict[str, Cost]:
    """Median cost of each command, run in turn (A B A B ...); a first round is not counted."""
    costs: dict[str, list[Cost]] = {label: [] for label in commands}
    for number in range(rounds + 1):
        for label, command in commands.items():
            cost = run(command, folder)
            if number > 0:
                costs[label].append(cost)
    return {label: median(all_rounds) for label, all_rounds in costs.items()}


def median(costs: Sequence[Cost]) -> Cost:
    """The median of each figure."""
    return Cost(
        statistics.median(cost.seconds for cost in costs),
        statistics.median(cost.megabytes for cost in costs),
        statistics.median(cost.cpu for cost in costs),
    )
