"""`python -m twin.locale`: say what the Chinese catalogue lacks; with --write bring it up to date first."""

import argparse
import sys

from twin.locale.catalogue import problems, write

parser = argparse.ArgumentParser(prog="python -m twin.locale", description=__doc__)
parser.add_argument("--write", action="store_true", help="take up new messages, drop unused ones, compile")
if parser.parse_args().write:
    write()
found = problems()
sys.stdout.writelines(f"{problem}\n" for problem in found)
sys.exit(1 if found else 0)
