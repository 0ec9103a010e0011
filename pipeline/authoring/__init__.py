"""Making and checking kinds: the check of a bundle as a whole, and the folder of a new one."""
