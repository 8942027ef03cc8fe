"""What the user takes home: page, clip, tables."""
