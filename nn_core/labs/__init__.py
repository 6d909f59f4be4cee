"""The mathematics of the Labs: small experiments, each in a module of its own."""
