"""The terminal chat: screens and widgets over a headless conversation, engine and library."""
