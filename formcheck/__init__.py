"""Turn a clip of a runner into an annotated running-form report that says how sure it is."""

from formcheck.config import AnalysisConfig, load_config
from formcheck.domain import Analysis
from formcheck.errors import FormcheckError
from formcheck.guidance.profile import RunnerProfile, read_profile
from formcheck.pipeline import analyze_pose, analyze_video
from formcheck.pose.recorded import load_pose, save_pose
from formcheck.report import write_report
from formcheck.version import __version__
from formcheck.video.proxy import Reading

__all__ = [
    "Analysis",
    "AnalysisConfig",
    "FormcheckError",
    "Reading",
    "RunnerProfile",
    "__version__",
    "analyze_pose",
    "analyze_video",
    "load_config",
    "load_pose",
    "read_profile",
    "save_pose",
    "write_report",
]
