"""Where the body is in every frame."""
