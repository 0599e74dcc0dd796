"""What Ochag costs, beside its peers, measured in one run: `make bench`. Only ratios mean anything."""
