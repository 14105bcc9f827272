"""python3 -m yzp_reader FILE.yzp [--policy p.json] [--bundle | --consistency]

Exit code: 0 nothing contradicted and all integrity checks proven; 1 something contradicted;
2 unreadable; 3 nothing contradicted, but an integrity check could not be proven.
"""

import argparse
import sys

from .bundle import verify_bundle
from .consistency import verify_consistency
from .errors import Refused
from .policy import load_policy
from .verify import verify_proof


def main() -> int:
    parser = argparse.ArgumentParser(prog="yzp_reader", description="Verify a Yinzheng proof.")
    parser.add_argument("file", help="a .yzp proof, or with --bundle a bundle")
    parser.add_argument("--policy", help="JSON: the ledgers and keys you know")
    parser.add_argument("--bundle", action="store_true", help="the file is a bundle")
    parser.add_argument("--consistency", action="store_true", help="the file is a consistency proof")
    arguments = parser.parse_args()
    if hasattr(sys.stdout, "reconfigure"):      # a console that cannot show a name still gets it
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        policy = load_policy(arguments.policy)
        with open(arguments.file, "rb") as file:
            data = file.read()
        if arguments.consistency:
            report = verify_consistency(data)
        elif arguments.bundle:
            report = verify_bundle(data, policy)
        else:
            report = verify_proof(data, policy)
    except (Refused, OSError) as error:
        print(f"unreadable: {error}")
        return 2
    print("\n".join(report.lines()))
    return report.exit_code()


if __name__ == "__main__":
    sys.exit(main())
