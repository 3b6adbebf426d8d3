"""Reads a case from standard input and prints its result, both as JSON."""

import json
import sys

from .cases import CaseError, read_case, read_parameters, result_as_json
from .rule import evaluate


def main() -> int:
    """Read a case from standard input, print its result; 2 if it is malformed."""
    try:
        data = json.loads(sys.stdin.buffer.read())
        case = read_case(data)
        parameters = read_parameters(data)
    except CaseError as fault:
        # Always one line, even where a code in the case holds a line break.
        print(*str(fault).split(), file=sys.stderr)
        return 2
    except RecursionError:
        print("case: is nested too deeply", file=sys.stderr)
        return 2
    except ValueError as fault:
        print(f"case: is not valid JSON: {fault}", file=sys.stderr)
        return 2
    print(json.dumps(result_as_json(evaluate(case, parameters)), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
