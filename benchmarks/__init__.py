"""What the program does under load, as ratios to what the same machine does at best in the same run."""
