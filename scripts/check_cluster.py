"""Runs stance on Spark, on two executors that are processes of their own, and
holds the results to the tables of stance run.

usage: check_cluster.py BINARY ARTICLES.jsonl FOLDER          what must hold
       check_cluster.py BINARY ARTICLES.jsonl FOLDER --bench [BYTES]
                                                              how fast it is
"""

import glob
import json
import os
import re
import resource
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time

os.environ.update(PYSPARK_PYTHON=sys.executable, SPARK_LOCAL_IP="127.0.0.1")

import pyarrow.dataset as ds
from pyspark.sql import SparkSession

from check_stream import compare
from spark_stance import command, score_batches, stance_df

PARTITIONS = 16
BENCH_BYTES = 100_000_000  # of text
COLUMNS = ", ".join(f"{name} string" for name in "id source outlet date published_at title headline text body url byline".split())


def session(folder):
    os.environ["SPARK_WORKER_DIR"] = f"{folder}/work"
    builder = SparkSession.builder.master("local-cluster[2,1,1024]").appName("stance-check")
    for key, value in {
        "spark.ui.enabled": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
        "spark.sql.warehouse.dir": f"{folder}/warehouse",
        "spark.ui.showConsoleProgress": "false",
    }.items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    return spark


def run(binary, articles, out, *options):
    subprocess.run([binary, "run", "--no-near-duplicates", *options, articles, "-o", out], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def read(folder):
    return ds.dataset(glob.glob(f"{folder}/*.parquet"), format="parquet").to_table()


def executors(spark):
    """The processes of the executors of this application."""
    found = []
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            words = open(path).read().split("\0")
        except OSError:
            continue
        if "org.apache.spark.executor.CoarseGrainedExecutorBackend" in words and spark.sparkContext.applicationId in words:
            found.append(int(path.split("/")[2]))
    return found


def kill_one(spark, done):
    """Kills an executor when some tasks are done and others are not."""
    tracker = spark.sparkContext.statusTracker()
    while True:
        for stage in tracker.getActiveStageIds():
            info = tracker.getStageInfo(stage)
            if info and info.numTasks == PARTITIONS and 2 <= info.numCompletedTasks < PARTITIONS - 4:
                victim = executors(spark)[0]
                os.kill(victim, signal.SIGKILL)
                done.append((victim, info.numCompletedTasks))
                return
        time.sleep(0.01)


def check(binary, articles, folder):
    started = time.monotonic()

    def say(what):
        print(f"check_cluster: {what} ({time.monotonic() - started:.0f} s)", flush=True)

    run(binary, articles, f"{folder}/out")
    say("stance run has published")
    spark = session(folder)
    df = spark.read.schema(COLUMNS).json(articles).repartition(PARTITIONS).cache()
    say(f"{df.count()} articles on {len(executors(spark))} executors")

    stance_df(df, "nested", binary).write.parquet(f"{folder}/nested")
    say(f"{compare(read(f'{folder}/nested'), f'{folder}/out')} rows in all tables are those of run")

    killed = []
    killer = threading.Thread(target=kill_one, args=(spark, killed), daemon=True)
    killer.start()
    stance_df(df, "nested", binary).write.parquet(f"{folder}/killed")
    if not killed:
        sys.exit("check_cluster: the job ended before an executor was killed")
    say(f"executor {killed[0][0]} killed after {killed[0][1]} of {PARTITIONS} tasks, and {compare(read(f'{folder}/killed'), f'{folder}/out')} rows are those of run")

    stances = stance_df(df, "stances", binary, options=["--no-text"])
    published = ds.dataset(glob.glob(f"{folder}/out/current/stances/*.parquet")).to_table()
    if sorted(r.stance_id for r in stances.select("stance_id").collect()) != sorted(published.column("stance_id").to_pylist()):
        sys.exit("check_cluster: other stances than those of run")
    say(f"{published.num_rows} stances, flat, are those of run")

    good = [("good", "Egypt praised Qatar."), ("last", "Egypt left.")]
    poison = [("null", None), ("empty", " "), ("huge", "Egypt praised Qatar. " * (1 << 20)), ("junk", "\0\x01\x1b[31m \u202e " * 999), (None, None)]
    rows = stance_df(spark.createDataFrame(good[:1] + poison + good[1:], "key string, main string").coalesce(1), "nested", binary, fields={"id": "key", "text": "main"}).collect()
    errors = {r.article_id: r.error.split("[")[-1] for r in rows if r.error}
    if len(rows) != 7 or errors != {"null": "E_NO_TEXT]", "empty": "E_EMPTY_TEXT]", "huge": "E_TOO_LONG]", None: "E_NO_TEXT]"} or [s.holder_party for s in rows[0].stances] != ["egypt"]:
        sys.exit(f"check_cluster: poison: {len(rows)} rows, errors {errors}")
    say("bad articles are rows with the reason, and their neighbours are scored")

    pack = f"{folder}/harbour.yaml"
    with open(pack, "w") as f:
        f.write("pack: {id: harbour, version: 1.0.0, lang: en, license: CC0-1.0}\nparties: [{id: dockers, label: Dockers, kind: group, aliases: [dockers]}]\n")
    rows = stance_df(spark.createDataFrame([("x", "The dockers praised Qatar.")], "id string, text string"), "stances", binary, packs=[pack]).collect()
    if [r.holder_party for r in rows] != ["dockers"]:
        sys.exit(f"check_cluster: the pack was not used: {rows}")

    broken = f"{folder}/broken"
    with open(broken, "w") as f:
        f.write(f'#!/bin/sh\ncase "$*" in *--workers*) echo "out of luck" >&2; exit 70;; esac\nexec "{os.path.abspath(binary)}" "$@"\n')
    os.chmod(broken, os.stat(broken).st_mode | stat.S_IXUSR)
    try:
        stance_df(df.limit(1), "stances", broken).collect()
    except Exception as e:
        if "exit code 70" not in str(e) or "out of luck" not in str(e):
            raise
    else:
        sys.exit("check_cluster: a worker that fails goes unnoticed")
    say("packs are sent along, and a worker that fails is told with its last words")
    spark.stop()

    for name, target in ("bin/stance", binary), ("data", "data"), ("scripts", "scripts"):
        os.makedirs(os.path.dirname(f"{folder}/readme/{name}"), exist_ok=True)
        os.symlink(os.path.abspath(target), f"{folder}/readme/{name}")
    shutil.copy(pack, f"{folder}/readme")
    blocks = re.findall(r"```python cluster\n(.*?)```", open("README.md").read(), re.S)
    for block in blocks:
        subprocess.run([sys.executable, "-c", block], cwd=f"{folder}/readme", check=True, stdout=subprocess.DEVNULL)
    say(f"{len(blocks)} blocks of the README run")


def cpu_seconds():
    """What this process, those below it, and those they have waited for have
    used."""
    parents, used = {}, {}
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            fields = open(path).read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        pid = int(path.split("/")[2])
        parents[pid], used[pid] = int(fields[1]), sum(map(int, fields[11:15]))

    def ours(pid):
        return pid == os.getpid() or pid in parents and ours(parents[pid])

    return sum(used[pid] for pid in used if ours(pid)) / os.sysconf("SC_CLK_TCK")


def measured(what, size, action):
    wall, cpu = time.monotonic(), cpu_seconds()
    seconds = action() or time.monotonic() - wall
    cpu = cpu_seconds() - cpu
    print(f"{what:34} {size / 1e6 / seconds:6.1f} MB/s  {seconds:6.1f} s  {cpu:6.1f} s of CPU  {size / 1e6 / cpu:5.2f} MB/s per core", flush=True)
    return seconds, cpu


def enlarge(articles, path, wanted):
    """Copies articles, with ids of their own, up to a size of text."""
    size = n = 0
    with open(path, "w") as out:
        while size < wanted:
            n += 1
            for line in open(articles):
                a = json.loads(line)
                a["id"] = f"{a['id']}-{n}"
                out.write(json.dumps(a, ensure_ascii=False) + "\n")
                size += sum(len(a.get(field, "").encode()) for field in ("title", "headline", "text", "body"))
                if size >= wanted:
                    break
    return size


def bench(binary, articles, folder, wanted=BENCH_BYTES):
    big = f"{folder}/big.jsonl"
    size = enlarge(articles, big, int(wanted))
    spark = session(folder)
    df = spark.read.schema(COLUMNS).json(big).repartition(8)
    df.write.parquet(f"{folder}/big")  # as engines store articles, and as many files as tasks
    df = spark.read.parquet(f"{folder}/big")
    stance_df(df.limit(200), "stances", binary).write.format("noop").mode("overwrite").save()  # starts the workers
    memory = f"{folder}/memory"
    os.mkdir(memory)

    def score(batches):
        yield from score_batches(batches, line)
        # Linux counts what the process was before it became the worker too.
        with open(f"{memory}/{os.getpid()}", "w") as f:
            f.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))

    def seconds_of_run():
        run(binary, big, f"{folder}/out", "--workers", "2")
        log = max(glob.glob(f"{folder}/out/runs/*.json"), key=os.path.getmtime)
        return json.load(open(log))["log"]["seconds"]

    def compared(table, write):
        w, c = measured(f"Spark, 2 executors, {table}", size, write)
        print(f"{'':34} {wall / w:.0%} of run by the clock, {cpu / c:.0%} by CPU", flush=True)

    results = stance_df(df, "stances", binary)
    for _ in range(2):
        wall, cpu = measured("stance run, 2 workers", size, seconds_of_run)
        compared("stances", lambda: results.write.mode("overwrite").parquet(f"{folder}/stances"))
    line = command(binary, "nested", options=["--workers", "1"])
    nested = df.mapInArrow(score, stance_df(df, "nested", binary).schema)
    compared("nested", lambda: nested.write.parquet(f"{folder}/nested"))
    print(f"largest worker process: {max(int(open(p).read()) for p in glob.glob(f'{memory}/*')) >> 10} MiB")
    spark.stop()


if __name__ == "__main__":
    binary, articles, folder = map(os.path.abspath, sys.argv[1:4])
    os.makedirs(folder, exist_ok=True)
    if sys.argv[4:5] == ["--bench"]:
        bench(binary, articles, folder, *sys.argv[5:6])
    else:
        check(binary, articles, folder)
