"""Runs every block of Python in the README but those for a cluster, in a folder where the tables of
the sample corpus lie under out, and compares what it prints with the block of
text that follows.

usage: check_readme.py README.md FOLDER [--update]

--update writes what the blocks print into the README.
"""

import re
import subprocess
import sys

BLOCK = re.compile(r"```python\n(.*?)```\n\n```text\n(.*?)```", re.S)


def main(readme, folder, update=""):
    text = open(readme, encoding="utf-8").read()
    if text.count("```python\n") != len(BLOCK.findall(text)):
        sys.exit("check_readme: a block of Python has no block of text behind it")
    stale = []

    def run(match):
        code, shown = match.groups()
        done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"check_readme: this block fails:\n{code}\n{done.stderr}")
        printed = "\n".join(line.rstrip() for line in done.stdout.strip("\n").split("\n")) + "\n"
        if printed != shown:
            stale.append(f"{code}\nprints\n{printed}")
        return match.group(0).replace(f"```text\n{shown}```", f"```text\n{printed}```")

    fresh = BLOCK.sub(run, text)
    if stale and update:
        with open(readme, "w", encoding="utf-8") as f:
            f.write(fresh)
    elif stale:
        sys.exit("check_readme: the README shows another output; scripts/test-consumers --update rewrites it:\n" + "\n".join(stale))
    print(f"check_readme: {len(BLOCK.findall(text))} blocks run")


if __name__ == "__main__":
    main(*sys.argv[1:])
