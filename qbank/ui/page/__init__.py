"""The story of the retake as one page that needs no network, no script and no other file."""
