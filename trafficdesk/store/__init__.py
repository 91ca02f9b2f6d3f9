"""The encrypted SpatiaLite store: engine, schema and one module per subject."""
