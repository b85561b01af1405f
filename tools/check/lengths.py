#!/usr/bin/env python3
"""Source files of more than 500 lines are named, for a look at whether they hold two ideas; more than 900 is an error."""

import common

LOOK, LIMIT = 500, 900


def main():
    findings, looked = [], 0
    for path in common.files(".h", ".cpp", ".c", ".def", ".py", ".g4", ".cmake"):
        lines = (common.ROOT / path).read_text().count("\n")
        looked += 1
        if lines > LIMIT:
            findings.append(f"{path}: {lines} lines, more than {LIMIT}")
        elif lines > LOOK:
            print(f"{path}: {lines} lines; does it hold two ideas?")
    common.finish(findings, f"{looked} files of at most {LIMIT} lines")


if __name__ == "__main__":
    main()
