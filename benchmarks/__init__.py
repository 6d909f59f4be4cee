"""What the speed claims in the README are measured with: `python -m benchmarks`, or `python -m benchmarks.NAME`."""
