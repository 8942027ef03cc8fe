"""Rendered treadmill runners whose every joint, contact and angle is known.

World: x to the runner's left, y up with the belt at 0, z the way the runner runs; metres. The belt
moves towards -z. Not part of the installed package; see README.md.
"""
