"""The live WebSocket: rooms, who may be in them, and how hints become messages."""
