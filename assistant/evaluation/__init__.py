"""How well the program does on questions whose answers are known: asked, measured, compared."""
