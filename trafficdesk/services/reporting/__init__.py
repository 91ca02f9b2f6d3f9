"""Reports made at a desk: who may have which, what stands in them, and that they were made."""
