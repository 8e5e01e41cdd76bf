"""Opens every table of a parquet and an arrow output with pyarrow, pandas,
polars and DuckDB and checks types, null rules, offsets and row counts.

usage: check_tables.py SCHEMA.json PARQUET_OUT ARROW_OUT
"""

import glob
import json
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
    "int8": pa.int8(),
    "int16": pa.int16(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "float32": pa.float32(),
    "float64": pa.float64(),
    "binary": pa.binary(),
    "date32": pa.date32(),
    "timestamp[us, UTC]": pa.timestamp("us", tz="UTC"),
    "list<string>": pa.list_(pa.string()),
}

checks = 0


def check(ok, message):
    global checks
    checks += 1
    if not ok:
        sys.exit(f"check_tables: {message}")


def same_type(found, wanted):
    if pa.types.is_list(wanted):
        return pa.types.is_list(found) and found.value_type == wanted.value_type
    return found == wanted


def check_types(table, columns, found):
    check([f.name for f in found] == [c["name"] for c in columns], f"{table}: columns {[f.name for f in found]}")
    for field, column in zip(found, columns):
        check(same_type(field.type, ARROW_TYPES[column["type"]]), f"{table}.{field.name}: type {field.type}, documented {column['type']}")
        check(field.nullable == column["nullable"], f"{table}.{field.name}: nullable {field.nullable}, documented {column['nullable']}")


def check_offsets(con, out, manifest):
    text = dict(con.sql(f"select article_id, text from '{out}/current/articles/*.parquet'").fetchall())
    spans = [
        ("mentions", "surface", "start", "end", "start_byte", "end_byte"),
        ("sentences", "text", "start", "end", "start_byte", "end_byte"),
        ("quotes", "text", "start", "end", "start_byte", "end_byte"),
    ]
    for table, surface, start, end, start_byte, end_byte in spans:
        n = 0
        for aid, want, s, e, sb, eb in con.sql(
            f'select article_id, "{surface}", "{start}", "{end}", "{start_byte}", "{end_byte}" from \'{out}/current/{table}/*.parquet\''
        ).fetchall():
            check(text[aid][s:e] == want, f"{table}: {aid} [{s}:{e}] is {text[aid][s:e]!r}, not {want!r}")
            check(text[aid].encode()[sb:eb].decode() == want, f"{table}: {aid} bytes [{sb}:{eb}]")
            n += 1
        check(n > 0, f"{table}: no row")
    for aid, cue, s, e in con.sql(f"select article_id, cue, cue_start, cue_end from '{out}/current/stances/*.parquet'").fetchall():
        check(text[aid][s:e] == cue, f"stances: {aid} cue [{s}:{e}] is {text[aid][s:e]!r}, not {cue!r}")


def main(schema_path, parquet_out, arrow_out):
    schema = json.load(open(schema_path))
    manifest = json.load(open(f"{parquet_out}/current/manifest.json"))
    con = duckdb.connect()
    for table in schema["tables"]:
        name, columns = table["name"], table["columns"]
        parts = sorted(glob.glob(f"{parquet_out}/current/{name}/part-*.parquet"))
        ipc = sorted(glob.glob(f"{arrow_out}/current/{name}/part-*.arrow"))
        check(parts and ipc, f"{name}: no part")
        for part in parts:
            check_types(name, columns, pq.read_schema(part))
        rows = ds.dataset(parts, format="parquet").to_table()
        for column in columns:
            if not column["nullable"]:
                check(rows.column(column["name"]).null_count == 0, f"{name}.{column['name']}: null")
        for part in ipc:
            check_types(name, columns, pa.ipc.open_file(part).schema)
        arrow = ds.dataset(ipc, format="ipc").to_table()
        check(arrow.num_rows == rows.num_rows, f"{name}: {arrow.num_rows} rows in arrow, {rows.num_rows} in parquet")
        check(arrow.equals(rows.cast(arrow.schema)), f"{name}: arrow and parquet differ")
        counted = con.sql(f"select count(*) from '{parquet_out}/current/{name}/*.parquet'").fetchone()[0]
        check(counted == rows.num_rows, f"{name}: duckdb counts {counted}, pyarrow {rows.num_rows}")
        check(len(pd.read_parquet(f"{parquet_out}/current/{name}")) == rows.num_rows, f"{name}: pandas")
        check(pl.read_parquet(f"{parquet_out}/current/{name}/*.parquet").height == rows.num_rows, f"{name}: polars")
        listed = sum(o["rows"] for o in manifest["outputs"] if o["path"].startswith(f"{name}/"))
        check(listed == rows.num_rows, f"{name}: manifest says {listed}, pyarrow {rows.num_rows}")
        print(f"{name:16} {rows.num_rows:7} rows, {len(columns):2} columns")
    check_offsets(con, parquet_out, manifest)
    # The questions that must stay one-liners.
    for sql in (
        "select holder_party, target_party, avg(score) from '{0}/stances/*.parquet' where counts group by all",
        "select issue, avg((polarity > 0)::int), avg((polarity < 0)::int) from '{0}/stances/*.parquet' where counts and issue is not null group by all",
        "select outlet, date_trunc('week', pub_date) as week, avg(tone) from '{0}/tones/*.parquet' where voice = 'narrator' and counts group by all",
    ):
        check(con.sql(sql.format(f"{parquet_out}/current")).fetchall(), f"no row: {sql}")
    print(f"check_tables: {checks} checks passed")


if __name__ == "__main__":
    main(*sys.argv[1:])
