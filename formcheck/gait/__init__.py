"""From landmarks to strides."""
