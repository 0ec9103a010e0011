"""What a person and the machine do with one working folder; the faces (`cli`, later a browser) stand on it."""
