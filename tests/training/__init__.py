"""Where the product's models get their numbers from; nothing here is part of the product."""
