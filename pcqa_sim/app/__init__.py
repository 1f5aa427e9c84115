"""The app: a manager tries a change alone; what is thought here is plain Python, what is shown is in `pages`."""
