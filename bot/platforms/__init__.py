"""Chat platforms: one small module each, which do not know each other."""
