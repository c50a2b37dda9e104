"""What the pages say, as data: texts, and runs worth looking at."""
