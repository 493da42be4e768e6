"""The description of the model by the ODD+D protocol, and the log of its assumptions, both made from the code."""
