"""The running program: settings, wiring, platforms, wording, delivery, clock, pages."""
