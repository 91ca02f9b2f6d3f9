"""Pure rules of the product: records, lifecycles, permissions, scores. Standard library only."""
