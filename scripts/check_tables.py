"""Opens every table of a Parquet and of an Arrow output with pyarrow, pandas,
polars and DuckDB, and checks row counts, types, values, null rules, keys, offsets,
the manifest's sums and hashes, that the formats hold the same rows, and that an
output without text lacks nothing but text.

usage: check_tables.py SCHEMA.json PARQUET_OUT ARROW_OUT NO_TEXT_OUT

The first two outputs must be made with --with-text, the third with --no-text,
all of the same input.
"""

import glob
import hashlib
import json
import os
import sys

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

ARROW_TYPES = {
    "string": pa.string(),
    "bool": pa.bool_(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "float32": pa.float32(),
    "binary": pa.binary(),
    "date32": pa.date32(),
    "timestamp[us, UTC]": pa.timestamp("us", tz="UTC"),
    "list<string>": pa.list_(pa.string()),
}
POLARS_TYPES = {
    "string": pl.String(),
    "bool": pl.Boolean(),
    "int32": pl.Int32(),
    "int64": pl.Int64(),
    "float32": pl.Float32(),
    "binary": pl.Binary(),
    "date32": pl.Date(),
    "timestamp[us, UTC]": pl.Datetime("us", "UTC"),
    "list<string>": pl.List(pl.String()),
}
DUCKDB_TYPES = {
    "string": "VARCHAR",
    "bool": "BOOLEAN",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "float32": "FLOAT",
    "binary": "BLOB",
    "date32": "DATE",
    "timestamp[us, UTC]": "TIMESTAMP WITH TIME ZONE",
    "list<string>": "VARCHAR[]",
}

checks = 0


def check(ok, message):
    global checks
    checks += 1
    if not ok:
        sys.exit(f"check_tables: {message}")


def plain(arrow_type):
    """The type of the values, whether they are dictionary-encoded or not."""
    if pa.types.is_dictionary(arrow_type):
        return arrow_type.value_type
    return arrow_type


def same_type(found, wanted):
    if pa.types.is_list(wanted):
        return pa.types.is_list(found) and plain(found.value_type) == wanted.value_type
    return plain(found) == wanted


def check_types(table, columns, found):
    check([f.name for f in found] == [c["name"] for c in columns], f"{table}: columns {[f.name for f in found]}")
    for field, column in zip(found, columns):
        where = f"{table}.{field.name}"
        check(same_type(field.type, ARROW_TYPES[column["type"]]), f"{where}: type {field.type}, documented {column['type']}")
        check(field.nullable == column["nullable"], f"{where}: nullable {field.nullable}, documented {column['nullable']}")


def check_values(where, column, values):
    """Holds a column to the values that the codebook gives it; "…" leaves the list open."""
    documented = column.get("values", "")
    found = set(values.drop_null().to_pylist()) if column["type"] != "list<string>" else set()
    if documented in ("[0, 1]", "[-1, 1]"):
        low = -1 if documented.startswith("[-1") else 0
        check(all(low <= v <= 1 for v in found), f"{where}: {sorted(found)[:2]} to {sorted(found)[-2:]}, documented {documented}")
    elif documented and "…" not in documented and column["type"] == "string":
        check(found <= set(documented.split(", ")), f"{where}: {found - set(documented.split(', '))} are not documented")


def check_table(con, table, manifest, parquet_out, arrow_out):
    name, columns = table["name"], table["columns"]
    parts = sorted(glob.glob(f"{parquet_out}/current/{name}/part-*.parquet"))
    ipc = sorted(glob.glob(f"{arrow_out}/current/{name}/part-*.arrow"))
    check(parts and ipc, f"{name}: no part")
    for part in parts:
        check_types(name, columns, pq.read_schema(part))
        metadata = pq.read_schema(part).metadata
        check(metadata[b"schema_version"].decode() == manifest["schema_version"], f"{part}: schema version")
    for part in ipc:
        check_types(name, columns, pa.ipc.open_file(part).schema)

    rows = ds.dataset(parts, format="parquet").to_table()
    for column in columns:
        nulls = rows.column(column["name"]).null_count
        check(column["nullable"] or nulls == 0, f"{name}.{column['name']}: {nulls} nulls where none is allowed")
        check_values(f"{name}.{column['name']}", column, rows.column(column["name"]))
    wanted = pa.schema([(c["name"], ARROW_TYPES[c["type"]]) for c in columns])
    check(ds.dataset(ipc, format="ipc").to_table().cast(wanted).to_pylist() == rows.cast(wanted).to_pylist(), f"{name}: arrow and parquet differ")

    entry = next(t for t in manifest["tables"] if t["name"] == name)
    check(entry["rows"] == rows.num_rows == sum(p["rows"] for p in entry["parts"]), f"{name}: manifest says {entry['rows']} rows, pyarrow {rows.num_rows}")
    if table["key"]:
        keys = list(zip(*(rows.column(k).to_pylist() for k in table["key"])))
        check(len(set(keys)) == len(keys), f"{name}: the key {table['key']} is not unique")

    nulls = {c["name"]: rows.column(c["name"]).null_count for c in columns}
    stored = ds.dataset(ipc, format="ipc").to_table()
    for what, found in ("parquet", con.sql(f"select * from read_parquet('{parquet_out}/current/{name}/*.parquet')")), ("arrow", con.from_arrow(stored)):
        check(len(found) == rows.num_rows, f"{name}, {what}: duckdb counts {len(found)}, pyarrow {rows.num_rows}")
        for column, duck in zip(columns, found.types):
            # A dictionary of Arrow is an ENUM of its values.
            check(str(duck) == DUCKDB_TYPES[column["type"]] or column["type"] == "string" and str(duck).startswith("ENUM"), f"{name}.{column['name']}, {what}: duckdb {duck}, documented {column['type']}")
        counted = found.aggregate(", ".join(f'count(*) - count("{c}")' for c in nulls)).fetchall()[0]
        check(dict(zip(nulls, counted)) == nulls, f"{name}, {what}: duckdb finds other nulls than pyarrow: {counted}")
    for what, frame in ("parquet", pl.read_parquet(f"{parquet_out}/current/{name}/*.parquet")), ("arrow", pl.concat(pl.read_ipc(p) for p in ipc)):
        check(frame.height == rows.num_rows, f"{name}, {what}: polars counts {frame.height}")
        for column, kind in zip(columns, frame.dtypes):
            check(kind in (POLARS_TYPES[column["type"]], pl.Categorical), f"{name}.{column['name']}, {what}: polars {kind}, documented {column['type']}")
        check(frame.null_count().row(0) == tuple(nulls.values()), f"{name}, {what}: polars finds other nulls than pyarrow")
    for what, frame in ("parquet", pd.read_parquet(f"{parquet_out}/current/{name}")), ("arrow", pd.concat([pd.read_feather(p) for p in ipc])):
        check(len(frame) == rows.num_rows, f"{name}, {what}: pandas counts {len(frame)}")
        check(frame.isna().sum().to_dict() == nulls, f"{name}, {what}: pandas finds other nulls than pyarrow")
    print(f"{name:16} {rows.num_rows:7} rows, {len(columns):2} columns")


def check_manifest(out, manifest):
    totals = manifest["totals"]
    check(totals["records"] == totals["articles"] + totals["rejected"] + totals["duplicates"], f"{out}: totals do not balance: {totals}")
    check(sum(i["records"] for i in manifest["inputs"]) == totals["records"], f"{out}: the inputs' records are not the total")
    for part in [p for t in manifest["tables"] for p in t["parts"]] + manifest["files"]:
        data = open(f"{out}/current/{part['name']}", "rb").read()
        check(len(data) == part["bytes"] and hashlib.sha256(data).hexdigest() == part["sha256"], f"{part['name']}: other bytes than the manifest says")
    for source in manifest["inputs"]:
        if os.path.exists(source["path"]):
            data = open(source["path"], "rb").read()
            check(len(data) == source["bytes"] and hashlib.sha256(data).hexdigest() == source["sha256"], f"{source['path']}: other bytes than the manifest says")


def check_offsets(con, out):
    at = f"{out}/current"
    text = dict(con.sql(f"select article_id, text from '{at}/articles/*.parquet'").fetchall())
    check(text and all(text.values()), "articles: no text")
    for table, surface in ("mentions", "surface"), ("sentences", "text"), ("quotes", "text"):
        n = 0
        query = f'select article_id, {surface}, start, "end", start_byte, end_byte from \'{at}/{table}/*.parquet\''
        for article, want, start, end, start_byte, end_byte in con.sql(query).fetchall():
            t = text[article]
            check(t[start:end] == want, f"{table}: {article} [{start}:{end}] is {t[start:end]!r}, not {want!r}")
            check(t.encode()[start_byte:end_byte].decode() == want, f"{table}: {article} bytes [{start_byte}:{end_byte}]")
            n += 1
        check(n > 0, f"{table}: no row")
    for table in "stances", "quotes":
        query = f"select article_id, cue, cue_start, cue_end from '{at}/{table}/*.parquet' where cue is not null and cue <> ''"
        rows = con.sql(query).fetchall()
        check(rows, f"{table}: no cue")
        for article, cue, start, end in rows:
            check(text[article][start:end] == cue, f"{table}: {article} cue [{start}:{end}] is {text[article][start:end]!r}, not {cue!r}")


def check_links(con, out):
    """Ids that refer to rows of other tables, and the product of the factors."""
    at = f"{out}/current"
    for table, column, other in (
        ("sentences", "article_id", "articles"),
        ("mentions", "sentence_id", "sentences"),
        ("tones", "mention_id", "mentions"),
        ("stances", "sentence_id", "sentences"),
        ("stances", "target_mention_id", "mentions"),
        ("stances", "holder_mention_id", "mentions"),
        ("quotes", "article_id", "articles"),
        ("article_parties", "article_id", "articles"),
        ("dyads", "sentence_id", "sentences"),
    ):
        key = {"articles": "article_id", "sentences": "sentence_id", "mentions": "mention_id"}[other]
        lost = con.sql(f"select {column} from '{at}/{table}/*.parquet' where {column} is not null and {column} not in (select {key} from '{at}/{other}/*.parquet')").fetchall()
        check(not lost, f"{table}.{column}: {lost[:3]} stand in no row of {other}")
    off = con.sql(
        f"select stance_id, score, polarity from '{at}/stances/*.parquet' where abs(score) > 1 or sign(score) <> polarity and score <> 0 "
        "or abs(abs(score) - least(1, abs(base * f_reversal * f_negation * f_modality * f_reporting * f_section * f_alias))) > 1e-4"
    ).fetchall()
    check(not off, f"stances: the score is not the product of its factors: {off[:3]}")


# What no row of a table may be.
NEVER = {
    "articles": [
        "(published_at is null) <> (pub_date is null)",
        "(duplicate_of is null) <> (duplicate_similarity is null)",
        "sentiment_mean is not null and n_sentences = 0",
        "list_contains(warnings, 'bad_date') and pub_date is not null",
        "url = '' or byline = '' or article_id = '' or text_sha256 = ''",
    ],
    "sentences": [
        "(bayes_logodds is null) <> (bayes_label is null)",
        "speaker_party is not null and speaker_method is null",
        "not isfinite(sentiment) or abs(sentiment) > 1 or positive not between 0 and 1 or negative not between 0 and 1",
        "counts and section not in ('headline', 'dek', 'body')",
        "bayes_label not in ('negative', 'neutral', 'positive') or sentiment_label not in ('negative', 'neutral', 'positive')",
        "\"end\" <= start or end_byte - start_byte < \"end\" - start",
    ],
    "mentions": [
        "party = '' or person = ''",
        "kind = 'issue' and (party is null or person is not null)",
        "kind = 'person' and person is null",
        "party is null and person is null and len(candidates) = 0",
        "kind not in ('party', 'issue', 'person') or role not in ('holder', 'target', 'speaker', 'issue', 'none')",
        "confidence not between 0 and 1",
    ],
    "tones": [
        "abs(p_negative + p_neutral + p_positive - 1) > 1e-4 or abs(tone - (p_positive - p_negative)) > 1e-5",
        "voice not in ('narrator', 'quoted', 'reported')",
        "voice = 'narrator' and speaker_party is not null",
        "n_mentions < 1",
    ],
    "stances": [
        "holder_mention_id is null and (voice = 'party' or holder_party is not null or holder_person is not null)",
        "voice not in ('narrator', 'party', 'unknown')",
        "target_kind = 'issue' and (target_issue is null or target_party is not null)",
        "target_kind <> 'issue' and target_issue is not null",
        "target_party is null and target_issue is null and target_person is null",
        "label <> case polarity when -1 then 'against' when 0 then 'neutral' when 1 then 'favor' end",
        "cue = '' or cue_end <= cue_start or confidence not between 0 and 1",
    ],
    "quotes": [
        "(cue is null) <> (cue_start is null) or (cue is null) <> (cue_end is null)",
        "speaker_surface = '' or kind not in ('direct', 'mixed', 'indirect')",
    ],
    "article_parties": [
        "(n_given = 0) <> (stance_given is null) or (n_received = 0) <> (stance_received is null)",
        "share_of_mentions not between 0 and 1 or n_negative + n_neutral + n_positive > n_sentences",
    ],
    "dyads": ["party_a = party_b"],
    "rejects": ["octet_length(raw_head) > 4096", "severity not in ('error', 'warning') or message = '' or code = ''"],
    "rule_stats": ["articles > fired or negated > tried or tried < 0"],
}


def check_null_rules(con, out):
    for table, conditions in NEVER.items():
        for condition in conditions:
            rows = con.sql(f"select * from '{out}/current/{table}/*.parquet' where {condition}")
            check(len(rows) == 0, f"{table}: rows where {condition}:\n{rows}")


def check_no_text(con, schema, with_text, without):
    """--no-text takes texts away and leaves everything else as it was."""
    for table in schema["tables"]:
        name = table["name"]
        texts = [c["name"] for c in table["columns"] if c["name"] in ("text", "snippet")]
        told, bare = (con.sql(f"select * from '{out}/current/{name}/*.parquet'") for out in (with_text, without))
        for column in texts:
            check(con.sql(f"select 1 from told where {column} is null").fetchall() == [], f"{name}.{column}: null in an output with text")
            check(con.sql(f"select 1 from bare where {column} is not null").fetchall() == [], f"{name}.{column}: text in an output without")
        rest = f"* exclude ({', '.join(texts)})" if texts else "*"
        other = con.sql(f"(select {rest} from told except all select {rest} from bare) union all (select {rest} from bare except all select {rest} from told)")
        check(len(other) == 0, f"{name}: --no-text changes more than texts")


def check_one_liners(con, out):
    """The questions that must stay one-liners, with the same answers in each library."""
    at = f"{out}/current"
    pandas_stances, polars_stances = pd.read_parquet(f"{at}/stances"), pl.read_parquet(f"{at}/stances/*.parquet")
    pandas_tones, polars_tones = pd.read_parquet(f"{at}/tones"), pl.read_parquet(f"{at}/tones/*.parquet")

    def same(question, a, b, c):
        def rounded(rows):
            return sorted(tuple(round(v, 4) if isinstance(v, float) else str(v)[:10] for v in r) for r in rows)

        check(a, f"no row: {question}")
        check(rounded(a) == rounded(b) == rounded(c), f"the libraries differ: {question}")

    same(
        "mean stance by holder and target",
        con.sql(f"select holder_party, target_party, avg(score) from '{at}/stances/*.parquet' where counts and holder_party is not null and target_party is not null group by all").fetchall(),
        pandas_stances[pandas_stances.counts].astype({"score": "float64"}).groupby(["holder_party", "target_party"]).score.mean().reset_index().values.tolist(),
        polars_stances.filter("counts").drop_nulls(["holder_party", "target_party"]).group_by("holder_party", "target_party").agg(pl.col("score").cast(pl.Float64).mean()).rows(),
    )
    same(
        "shares for and against by issue",
        con.sql(f"select issue, avg((polarity > 0)::int), avg((polarity < 0)::int) from '{at}/stances/*.parquet' where counts and issue is not null group by all").fetchall(),
        pandas_stances[pandas_stances.counts].assign(f=lambda d: d.polarity > 0, a=lambda d: d.polarity < 0).groupby("issue")[["f", "a"]].mean().reset_index().values.tolist(),
        polars_stances.filter("counts").drop_nulls("issue").group_by("issue").agg(f=(pl.col("polarity") > 0).mean(), a=(pl.col("polarity") < 0).mean()).rows(),
    )
    narrator = "counts and voice = 'narrator' and pub_date is not null"
    same(
        "the narrator's tone by outlet and week",
        con.sql(f"select outlet, date_trunc('week', pub_date)::date, avg(tone) from '{at}/tones/*.parquet' where {narrator} group by all").fetchall(),
        pandas_tones.query("counts and voice == 'narrator' and pub_date.notna()")
        .assign(week=lambda d: pd.to_datetime(d.pub_date).dt.to_period("W-SUN").dt.start_time, tone=lambda d: d.tone.astype("float64"))
        .groupby(["outlet", "week"], observed=True).tone.mean().reset_index().values.tolist(),
        polars_tones.filter(pl.col("counts"), pl.col("voice") == "narrator").drop_nulls("pub_date").group_by("outlet", pl.col("pub_date").dt.truncate("1w")).agg(pl.col("tone").cast(pl.Float64).mean()).rows(),
    )


def main(schema_path, parquet_out, arrow_out, no_text_out):
    schema = json.load(open(schema_path))
    con = duckdb.connect()
    con.sql("set timezone = 'UTC'")
    manifest = json.load(open(f"{parquet_out}/current/manifest.json"))
    check_manifest(parquet_out, manifest)
    check_manifest(arrow_out, json.load(open(f"{arrow_out}/current/manifest.json")))
    check(schema == json.load(open(f"{parquet_out}/current/codebook.json")), "codebook.json is not what schema prints")
    for table in schema["tables"]:
        check_table(con, table, manifest, parquet_out, arrow_out)
    check_null_rules(con, parquet_out)
    check_no_text(con, schema, parquet_out, no_text_out)
    check_offsets(con, parquet_out)
    check_links(con, parquet_out)
    check_one_liners(con, parquet_out)
    print(f"check_tables: {checks} checks passed")


if __name__ == "__main__":
    main(*sys.argv[1:])
