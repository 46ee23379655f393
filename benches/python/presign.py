"""Writes signed heads of `pairwise` requests for the load generator, one head per line. Usage: presign.py
COUNT"""

import sys

from samples import BODY, ring
from sealwire import Signer


def main(count: str) -> None:
    signer = Signer("agent", ring(), schemes=["pairwise"])
    for _ in range(int(count)):
        headers = signer.sign("POST", "/graphql", None, BODY, "practices")
        print("\t".join(part for header in headers.items() for part in header))


if __name__ == "__main__":
    main(*sys.argv[1:])
