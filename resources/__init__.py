"""What ships with the program and is not code: icons, the stylesheet, the trained model, help texts."""
