"""Set-up and start of the twin on one machine: what `make run` and `make test` do.

Everything here runs with Debian's own Python before any package is installed, so it uses the standard library only.
"""
