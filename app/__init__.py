"""The window: Qt on one side, events of the core on the other."""
