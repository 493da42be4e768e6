"""The page on this machine: a form, an answer that grows while one looks, and files to take away."""
