"""pose.npz: what the pose model said, to be analysed again without it."""

from __future__ import annotations

from pathlib import Path

from formcheck.pose.recorded import save_pose
from formcheck.report.context import ReportContext


class PoseWriter:
    """Writes pose.npz."""

    name = "pose.npz"

    def write(self, context: ReportContext, folder: Path) -> Path:
        """Write the recorded pose and return its path."""
        path = folder / self.name
        save_pose(context.analysis.recorded_pose, path)
        return path
