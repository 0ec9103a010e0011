"""Making and proving kinds: the check of a bundle as a whole, and the beginning of a new one."""
