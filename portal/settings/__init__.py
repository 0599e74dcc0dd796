"""Settings: `base` holds what is always true; the others say where the program runs."""
