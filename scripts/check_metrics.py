"""Holds the figures of `stance eval` to those of scikit-learn and SciPy.

usage: check_metrics.py STANCE

Labels are random, texts are made up of random words. The answers come from
the baseline that eval stores, so both sides judge the same answers.
"""

import json
import math
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from scipy import stats
from sklearn import metrics

HOLDERS = ["Ann", "Bob", "The mayor", "The union", "Japan", "Peru"]
VERBS = ["praised", "attacked", "met", "criticised", "thanked", "accused", "helped", "warned", "ignored", "loves"]
ENDS = ["a terrible failure.", "a wonderful success.", "last week.", "on Monday.", "after the vote.", "despite the cruel crimes."]


def main(stance):
    rng = random.Random(7)
    rows = [make(rng, i) for i in range(600)]
    with tempfile.TemporaryDirectory() as folder:
        checks = Checks(stance, Path(folder), rows)
        checks.sentiment()
        checks.tone()
        checks.pairs()
    print(f"figures agree with scikit-learn and SciPy ({checks.compared} compared)")


def make(rng, i):
    p, q = rng.sample(HOLDERS, 2)
    text = f"{p} {rng.choice(VERBS)} {q} {rng.choice(ENDS)}"
    at = text.index(q, len(p))
    rating = rng.choice([-3.5, -2, -1, -0.2, 0, 0.2, 1, 2, 3.5])
    target = {"from": at, "to": at + len(q), "mention": q}
    return {
        "id": f"random-{i // 3}-{i}",
        "text": text,
        "rating": rating,
        "targets": [dict(target, label=rng.choice([-1, 0, 1]))],
        "p": {"from": 0, "to": len(p), "mention": p},
        "q": target,
        "class": rng.randrange(5),
    }


class Checks:
    def __init__(self, stance, folder, rows):
        self.stance, self.folder, self.rows, self.compared = stance, folder, rows, 0

    def run(self, task, *fields):
        gold, baseline = self.folder / f"{task}.jsonl", self.folder / f"{task}.json"
        with gold.open("w", encoding="utf-8") as f:
            for row in self.rows:
                f.write(json.dumps({k: row[k] for k in ("id", "text", *fields)}) + "\n")
        out = subprocess.run(
            [self.stance, "eval", "--task", task, "--json", "--baseline", baseline, "--update-baseline", gold],
            check=True, stdout=subprocess.PIPE,
        )
        return json.loads(out.stdout), json.loads(baseline.read_text(encoding="utf-8"))["items"]

    def same(self, what, got, want, within=1e-5):
        self.compared += 1
        if got is None or not math.isclose(got, want, abs_tol=within):
            sys.exit(f"{what}: stance eval gives {got}, the reference {want}")

    def classes(self, task, run, gold, answers, names):
        self.same(f"{task} n", run["n"], len(gold))
        self.same(f"{task} accuracy", run["accuracy"], metrics.accuracy_score(gold, answers))
        p, r, f, n = metrics.precision_recall_fscore_support(gold, answers, labels=names, zero_division=0)
        for i, name in enumerate(names):
            got = run["per_class"][name]
            for key, want in (("precision", p[i]), ("recall", r[i]), ("f1", f[i]), ("support", n[i])):
                self.same(f"{task} {name} {key}", got[key] or 0, want)
        used = [name for name in names if name in gold]
        self.same(f"{task} macro_f1", run["macro_f1"], metrics.f1_score(gold, answers, labels=used, average="macro", zero_division=0))
        self.same(f"{task} average_recall", run["average_recall"], metrics.recall_score(gold, answers, labels=used, average="macro", zero_division=0))
        table = metrics.confusion_matrix(gold, answers, labels=names)
        for i, row in enumerate(names):
            for j, column in enumerate(names):
                self.same(f"{task} confusion {row} {column}", run["confusion"][row][column], table[i][j])

    def sentiment(self):
        run, items = self.run("sentiment", "rating")
        ratings = [row["rating"] for row in self.rows]
        gold = ["1" if x >= 0.5 else "-1" if x <= -0.5 else "0" for x in ratings]
        scores = [item.get("score", 0) for item in items]
        self.classes("sentiment", run, gold, [item["answer"] for item in items], ["-1", "0", "1"])
        self.same("pearson_r", run["pearson_r"], stats.pearsonr(ratings, scores)[0])
        self.same("spearman_r", run["spearman_r"], stats.spearmanr(ratings, scores)[0])

    def tone(self):
        run, items = self.run("tone", "targets")
        gold = [str(row["targets"][0]["label"]) for row in self.rows]
        answers = [item["answer"] for item in items]
        self.classes("tone", run, gold, answers, ["-1", "0", "1"])
        sure = np.array([item["p"][int(item["answer"]) + 1] for item in items])
        right = np.array(gold) == np.array(answers)
        bins = np.minimum((sure * 10).astype(int), 9)
        ece = sum(abs(sure[bins == b].sum() - right[bins == b].sum()) for b in range(10)) / len(gold)
        self.same("ece", run["ece"], ece)

    def pairs(self):
        run, items = self.run("stance", "p", "q", "class")
        gold = [str(row["class"]) for row in self.rows]
        answers = [item["answer"] for item in items]
        self.classes("stance", run, gold, answers, list("01234"))
        blind = {"0": "none", "1": "favor", "2": "favor", "3": "against", "4": "against"}
        self.same("blind_macro_f1", run["blind_macro_f1"],
                  metrics.f1_score([blind[x] for x in gold], [blind[x] for x in answers], average="macro"))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
