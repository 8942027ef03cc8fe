"""Frames in and annotated clips out."""
