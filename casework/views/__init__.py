"""HTTP in, HTTP out: one access call, one action, one message."""
