"""Reading and writing: scenarios, policies, tables, result folders; errors know their place."""
