"""Layout: what is known → Card, one module per topic; what is shown follows from the view alone."""
