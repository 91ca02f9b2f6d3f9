"""What the forecasts are worth on real accidents: ``python -m tests.backtest``."""
