"""Speed and memory of the analysis library beside its peers; `make bench-analyse`."""
