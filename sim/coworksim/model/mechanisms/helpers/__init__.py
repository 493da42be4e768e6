"""What several mechanisms share, or one hands on: a mechanism itself is never here."""
