"""Laying calls out over time: slots, stagger, forecast."""
