"""What a measurement was made on."""

from __future__ import annotations

import platform
from importlib.metadata import version
from pathlib import Path

import psutil

from formcheck.cores import usable_cores
from formcheck.version import __version__

_VERSIONS = ("mediapipe", "av", "numpy", "scipy", "opencv-contrib-python")


def busy() -> float:
    """Cores in use by others, over two seconds; the load average still holds the part before."""
    return float(psutil.cpu_percent(interval=2.0)) / 100 * usable_cores()


def facts() -> dict[str, str]:
    """Cores, memory, system and versions; nothing that names the machine."""
    memory_gb = psutil.virtual_memory().total / 1e9
    found = {
        "processor": f"{usable_cores()} cores, {_processor()}",
        "memory": f"{memory_gb:.0f} GB",
        "system": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
    }
    return found | {"formcheck": __version__} | {name: version(name) for name in _VERSIONS}


def _processor() -> str:
    """The processor's own name, where the system tells it."""
    path = Path("/proc/cpuinfo")
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()
