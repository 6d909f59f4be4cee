"""Why a drawing is read as it is: the steps from hand to network, the nearest known digits, and small changes."""
