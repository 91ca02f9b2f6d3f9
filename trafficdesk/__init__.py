"""TrafficDesk: the desk software of a traffic police officer."""

__version__ = "0.1.0"
