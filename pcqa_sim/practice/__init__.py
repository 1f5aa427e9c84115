"""One practice during a run: parts with a small face each, put together in practice.py."""
