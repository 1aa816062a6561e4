"""Papers and pictures: what is handed out as a file."""
