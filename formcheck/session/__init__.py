"""Clips of one session, from several sides, as one result."""

from formcheck.session.asymmetry import Asymmetry
from formcheck.session.combine import RefusedClip, Session, SessionClip, combine

__all__ = ["Asymmetry", "RefusedClip", "Session", "SessionClip", "combine"]
