"""How good and how fast Dateline is, on public data sets: `python -m benchmarks --help`."""
