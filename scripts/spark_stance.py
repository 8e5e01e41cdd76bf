"""stance as a column function of Spark.

As a module:

    from spark_stance import stance_df
    stances = stance_df(articles, table="stances", binary="bin/stance")
    stances.write.parquet("stances")

As a job:

    spark-submit scripts/spark_stance.py --binary bin/stance --table nested articles.parquet tables

Each partition is one process of the binary, which gets the rows as an Arrow
stream and gives those of the table back. Spark shards, retries and writes.
Build the binary with CGO_ENABLED=0, so that it runs on every Linux. PySpark
and pyarrow are needed; score_batches and schema_of need pyarrow alone.
"""

import argparse
import itertools
import os
import subprocess
import tempfile
import threading

import pyarrow as pa

# A record batch for the binary has about as many bytes, which bounds its
# memory; a longer article is one batch.
BATCH_BYTES = 4 << 20


class StanceError(RuntimeError):
    """The binary failed; the message ends with what it said."""


def command(binary, table="stances", fields=None, packs=(), options=()):
    """The command line of one worker. `fields` maps roles to columns, as in
    {"text": "content"}; `packs` are files; `options` are further options of
    stance score, as in ["--sentiment", "vader"]."""
    line = [binary, "score", "--from", "arrow", "--to", "arrow", "--table", table]
    for role, name in (fields or {}).items():
        line += ["--field", f"{role}={name}"]
    for pack in packs:
        line += ["--pack", pack]
    return line + list(options)


def schema_of(line, schema):
    """The Arrow schema of the results for articles of a schema. It fails as a
    worker would when the command or the columns are wrong."""
    empty = pa.BufferOutputStream()
    pa.ipc.new_stream(empty, schema).close()
    done = subprocess.run(line, input=empty.getvalue(), capture_output=True)
    if done.returncode != 0:
        raise StanceError(f"{' '.join(line)}: exit code {done.returncode}\n{done.stderr.decode(errors='replace')}")
    return pa.ipc.open_stream(done.stdout).schema


def score_batches(batches, line):
    """Yields the record batches that the command makes of an iterator of
    record batches. One thread writes what the other end reads, so neither
    waits for the other; the process ends with the generator."""
    batches = iter(batches)
    first = next(batches, None)
    if first is None:
        return
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said)
        failure = []

        def feed():
            try:
                with process.stdin as pipe, pa.ipc.new_stream(pipe, first.schema) as writer:
                    for batch in itertools.chain([first], batches):
                        rows = max(1, batch.num_rows * BATCH_BYTES // max(1, batch.nbytes))
                        for at in range(0, batch.num_rows, rows):
                            writer.write_batch(batch.slice(at, rows))
                            pipe.flush()
            except BaseException as e:
                failure.append(e)

        feeder = threading.Thread(target=feed, daemon=True)
        feeder.start()
        try:
            try:
                with pa.ipc.open_stream(process.stdout) as results:
                    yield from results
            except (pa.ArrowException, OSError) as e:
                failure.append(e)
            code = process.wait()
            if code != 0:  # which explains a broken pipe at either end
                said.seek(max(0, said.seek(0, os.SEEK_END) - 4096))
                raise StanceError(f"{' '.join(line)}: exit code {code}\n{said.read().decode(errors='replace')}")
            feeder.join()
            if failure:
                raise failure[0]
        finally:
            process.kill()
            process.wait()
            process.stdout.close()


def stance_df(df, table="stances", binary="bin/stance", fields=None, packs=(), options=()):
    """The rows of a table of stance for a DataFrame of articles, whose columns
    are named as stance run wants them or as `fields` says. A row that cannot
    be analysed gives a row with `error` set. The binary and the packs are
    files here, and are sent to the executors."""
    from pyspark import SparkFiles
    from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

    context = df.sparkSession.sparkContext
    sent = [os.path.realpath(path) for path in [binary, *packs]]  # Spark follows links, too, and takes the name at their end
    names = [os.path.basename(path) for path in sent]
    if len(set(names)) < len(names):
        raise ValueError(f"two files have one name: {names}")
    schema = from_arrow_schema(schema_of(command(sent[0], table, fields, sent[1:], options), to_arrow_schema(df.schema)))
    for path in sent:
        context.addFile(path)
    context.addPyFile(os.path.abspath(__file__))

    def score(batches):
        here = [SparkFiles.get(name) for name in names]
        return score_batches(batches, command(here[0], table, fields, here[1:], ["--workers", "1", *options]))

    return df.mapInArrow(score, schema)


def main():
    parser = argparse.ArgumentParser(description="Analyse articles with stance on Spark.")
    parser.add_argument("input", help="articles: JSON Lines (.jsonl, .json, also compressed), else Parquet")
    parser.add_argument("output", help="folder for the table")
    parser.add_argument("--format", default="parquet", help="format that Spark writes (default: parquet)")
    parser.add_argument("--binary", default="bin/stance")
    parser.add_argument("--table", default="stances")
    parser.add_argument("--field", action="append", default=[], metavar="ROLE=NAME")
    parser.add_argument("--pack", action="append", default=[], metavar="FILE")
    args, options = parser.parse_known_args()
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.appName("stance").getOrCreate()
    read = spark.read.json if ".json" in os.path.basename(args.input) else spark.read.parquet
    fields = dict(f.split("=", 1) for f in args.field)
    results = stance_df(read(args.input), args.table, args.binary, fields, args.pack, options)
    results.write.format(args.format).mode("errorifexists").save(args.output)
    spark.stop()


if __name__ == "__main__":
    main()
