"""One day of a run as a moving picture: where everybody is who asks the practice for something, minute by minute."""
