"""`python -m audit` is `uitzicht`."""

from audit.cli import main

main()
