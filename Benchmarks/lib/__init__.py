"""The parts of Benchmarks/compare, one idea a file. `compare` beside this folder says in which order they work."""
