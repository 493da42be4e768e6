"""General statistics, each once: nothing here knows of people, spaces or policies."""
