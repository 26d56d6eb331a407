"""The processor cores that are left to this process."""

import os
from pathlib import Path

import pytest

from biometrics import usable_cores

GROUP_2 = {"proc/self/cgroup": "0::/pod/one\n"}
GROUP_1 = {"proc/self/cgroup": "4:memory:/a b\n3:cpu,cpuacct:/pod/one\n"}


@pytest.fixture(autouse=True)
def eight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)


@pytest.mark.parametrize(
    ("files", "cores"),
    [
        ({}, 8),
        ({"sys/fs/cgroup/cpu.max": "max 100000\n"}, 8),
        ({"sys/fs/cgroup/cpu.max": "200000 100000\n"}, 2),
        ({"sys/fs/cgroup/cpu.max": "150000 100000\n"}, 1),
        ({"sys/fs/cgroup/cpu.max": "50000 100000\n"}, 1),
        ({"sys/fs/cgroup/cpu.max": "1600000 100000\n"}, 8),
        ({"sys/fs/cgroup/cpu.max": "nonsense\n"}, 8),
        ({**GROUP_2, "sys/fs/cgroup/pod/one/cpu.max": "300000 100000\n"}, 3),
        ({**GROUP_2, "sys/fs/cgroup/pod/cpu.max": "400000 100000\n"}, 4),
        (
            {
                **GROUP_1,
                "sys/fs/cgroup/cpu/pod/one/cpu.cfs_quota_us": "500000\n",
                "sys/fs/cgroup/cpu/pod/one/cpu.cfs_period_us": "100000\n",
            },
            5,
        ),
        (
            {
                **GROUP_1,
                "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
                "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
            },
            8,
        ),
    ],
)
def test_the_least_of_what_is_allowed_counts(
    tmp_path: Path, files: dict[str, str], cores: int
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)

    assert usable_cores(tmp_path) == cores


def test_where_the_system_cannot_say_all_of_them_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 4)

    assert usable_cores(tmp_path) == 4
