"""Compares what stance score gives, read with pyarrow, with the tables that
stance run published from the same articles.

usage: check_stream.py BINARY ARTICLES.jsonl OUT

OUT must be made with --no-near-duplicates: score sees no other article.
"""

import glob
import sys

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.json

from spark_stance import StanceError, command, schema_of, score_batches


def published(out, name):
    rows = ds.dataset(sorted(glob.glob(f"{out}/current/{name}/part-*.parquet")), format="parquet").to_table()
    return rows.cast(pa.schema([(f.name, f.type.value_type if pa.types.is_dictionary(f.type) else f.type) for f in rows.schema]))


def unlisted(nested, name):
    """The rows of a list column, with what stands beside the list."""
    lists = nested.column(name).combine_chunks()
    rows, parents = pc.list_flatten(lists), pc.list_parent_indices(lists)
    columns = {f.name: rows.field(i) for i, f in enumerate(rows.type)}
    for shared in "article_id", "outlet", "pub_date":
        columns.setdefault(shared, nested.column(shared).combine_chunks().take(parents))
    return pa.table(columns)


def same(name, got, want, columns):
    if got.num_rows != want.num_rows:
        sys.exit(f"{name}: {got.num_rows} rows, run published {want.num_rows}")
    for c in columns:
        wanted = want.column(c).combine_chunks()
        found = got.column(c).combine_chunks().cast(wanted.type)
        if not found.equals(wanted):
            row = next(i for i in range(len(wanted)) if found[i] != wanted[i])
            sys.exit(f"{name}.{c}: row {row} is {found[row]}, run published {wanted[row]}")


def compare(nested, out):
    """Exits when the rows of a nested table are not those that run published.
    Returns the number of rows compared."""
    nested = nested.sort_by("article_id")
    if nested.column("error").null_count < nested.num_rows:
        sys.exit(f"{nested.num_rows - nested.column('error').null_count} articles have an error")
    articles = published(out, "articles")
    same("articles", nested, articles, [c for c in articles.column_names if c in nested.column_names])
    n = nested.num_rows
    for name in [f.name for f in nested.schema if pa.types.is_list(f.type) and pa.types.is_struct(f.type.value_type)]:
        want = published(out, name)
        same(name, unlisted(nested, name), want, want.column_names)
        n += want.num_rows
    return n


def main(binary, articles, out):
    batches = pa.json.read_json(articles).to_batches(max_chunksize=7)
    line = command(binary, "nested", options=["--workers", "2"])
    schema = schema_of(line, batches[0].schema)
    nested = pa.Table.from_batches(score_batches(batches, line), schema)
    print(f"check_stream: {compare(nested, out)} rows of {nested.num_rows} articles are those of run")

    # Bad articles are rows with the reason, between good ones.
    odd = [("a", "Egypt praised Qatar."), ("b", None), (None, " "), ("d", "x" * (5 << 20)), ("e", "Qatar\0 \u202e praised \ufffd Egypt."), (None, "Egypt left.")]
    batch = pa.record_batch([pa.array([i for i, _ in odd]), pa.array([t for _, t in odd])], names=["id", "text"])
    rows = pa.Table.from_batches(score_batches([batch], line), schema).to_pylist()
    found = [(r["article_id"], r["error"] and r["error"].split("[")[-1]) for r in rows]
    assert found[:5] == [("a", None), ("b", "E_NO_TEXT]"), (None, "E_EMPTY_TEXT]"), ("d", "E_TOO_LONG]"), ("e", None)] and found[5][1] is None, found
    stances = pa.Table.from_batches(score_batches([batch], command(binary, "stances"))).to_pylist()
    assert [(s["article_id"], s["holder_party"], s["error"] is None) for s in stances if s["article_id"] in ("a", "b", "d")] == [("a", "egypt", True), ("b", None, False), ("d", None, False)], stances
    for wrong in (["--sentiment", "none"], ["--field", "text=body"]):
        try:
            schema_of(command(binary, options=wrong), batch.schema)
        except StanceError as e:
            assert "none" in str(e) or "no text column; looked for body" in str(e), e
        else:
            sys.exit(f"{wrong} is accepted")
    assert list(score_batches(iter([]), line)) == []


if __name__ == "__main__":
    main(*sys.argv[1:])
