"""Plans of calls over time: slots, stagger, forecast."""
