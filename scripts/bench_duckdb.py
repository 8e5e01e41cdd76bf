"""Compares stance run with what DuckDB takes to join the words of the same
articles to the lexicon and to sum their polarities by article: no sentences, no
negation, no parties. make test-consumers installs DuckDB into .venv.

usage: bench_duckdb.py BINARY NEWS.jsonl[.gz]
"""

import csv
import resource
import subprocess
import sys
import tempfile
import time

import duckdb


def taken(what, size, who, work):
    """Prints and returns the seconds that work took by the clock."""
    before, start = resource.getrusage(who), time.perf_counter()
    work()
    clock, after = time.perf_counter() - start, resource.getrusage(who)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{what:12} {size / clock / 1e6:6.1f} MB/s by the clock, {size / cpu / 1e6:6.1f} MB/s per core")
    return clock


def main(binary, news):
    with open("data/lexicon/news-en.tsv", encoding="utf-8") as f:
        rows = csv.reader((line for line in f if not line.startswith("#")), delimiter="\t")
        next(rows)
        polarity = {row[0]: float(row[2]) for row in rows if len(row) > 2 and " " not in row[0] and "*" not in row[0]}
    con = duckdb.connect()
    con.execute("CREATE TABLE lexicon (word VARCHAR, polarity DOUBLE)")
    con.executemany("INSERT INTO lexicon VALUES (?, ?)", list(polarity.items()))
    source = f"read_json('{news}', format = 'newline_delimited', columns = {{id: 'VARCHAR', text: 'VARCHAR'}})"
    size, articles = con.execute(f"SELECT sum(strlen(text)), count(*) FROM {source}").fetchone()
    found = []

    def join():
        found.extend(con.execute(f"""
            SELECT id, sum(polarity) FROM (SELECT id, unnest(regexp_split_to_array(lower(text), '[^a-z]+')) AS word FROM {source})
            JOIN lexicon USING (word) GROUP BY id""").fetchall())

    joined = taken("DuckDB", size, resource.RUSAGE_SELF, join)
    assert articles / 2 < len(found) <= articles, (len(found), articles)
    with tempfile.TemporaryDirectory() as out:
        ran = taken("stance run", size, resource.RUSAGE_CHILDREN, lambda: subprocess.run([binary, "run", news, "-o", out], check=True, capture_output=True))
    print(f"stance run takes {ran / joined:.1f} times as long")


if __name__ == "__main__":
    main(*sys.argv[1:])
