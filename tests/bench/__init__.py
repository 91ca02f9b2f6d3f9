"""Benchmarks: what the desk costs against the bare engine beneath it, measured in the same run."""
