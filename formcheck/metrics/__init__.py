"""What is measured on every stride, one topic a file."""
