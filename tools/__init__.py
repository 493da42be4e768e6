"""What the package does not need at run time: documents that are made from its code."""
