"""The commands of `pcqa`, one file each: what it is asked, and in which order the rooms below do it."""
