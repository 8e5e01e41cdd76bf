// Opens every table of a Parquet output with hyparquet and of an Arrow output
// with apache-arrow, and checks columns, types, null rules, row counts, the
// offsets of mentions, quotations and cues, the sums of the manifest, and that
// the two formats hold the same rows.
//
// usage: node check_tables.mjs SCHEMA.json PARQUET_OUT ARROW_OUT
//
// Both outputs must be made with --with-text.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { compressionRegistry, CompressionType, tableFromIPC } from 'apache-arrow'
import { decompress } from 'fzstd'
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'

// apache-arrow brings no codec of its own, and wants buffers aligned.
compressionRegistry.set(CompressionType.ZSTD, { decode: (bytes) => decompress(bytes).slice() })

let checks = 0
function check(ok, message) {
  checks++
  if (!ok) {
    console.error(`check_tables.mjs: ${message}`)
    process.exit(1)
  }
}

// What a value of a documented type is in JavaScript, as both readers give it
// once they are brought to the same terms by plain.
const is = {
  string: (v) => typeof v === 'string',
  bool: (v) => typeof v === 'boolean',
  int32: (v) => Number.isInteger(v) && Math.abs(v) < 2 ** 31,
  int64: (v) => typeof v === 'bigint',
  float32: (v) => typeof v === 'number' && Math.fround(v) === v,
  binary: (v) => typeof v === 'string' && /^([0-9a-f]{2})*$/.test(v),
  date32: (v) => Number.isInteger(v) && v % 86400000 === 0,
  'timestamp[us, UTC]': (v) => Number.isInteger(v),
  'list<string>': (v) => Array.isArray(v) && v.every((s) => typeof s === 'string'),
}

// plain gives times in milliseconds, lists as arrays, bytes as hex.
function plain(type, v) {
  if (v == null) return null
  if (type === 'list<string>') return Array.from(v)
  if (type === 'binary') return Buffer.from(v).toString('hex')
  if (v instanceof Date) return v.getTime()
  return v
}

function rowsOf(columns, objects) {
  return objects.map((o) => columns.map((c) => plain(c.type, o[c.name])))
}

async function parquet(out, table, columns) {
  const rows = []
  for (const part of table.parts) {
    const file = await asyncBufferFromFile(join(out, 'current', part.name))
    const metadata = await parquetMetadataAsync(file)
    check(Number(metadata.num_rows) === part.rows, `${part.name}: ${metadata.num_rows} rows, the manifest says ${part.rows}`)
    rows.push(...rowsOf(columns, await parquetReadObjects({ file, metadata, compressors, utf8: false })))
  }
  return rows
}

function arrow(out, table, columns) {
  const rows = []
  for (const part of table.parts) {
    const read = tableFromIPC(new Uint8Array(readFileSync(join(out, 'current', part.name))))
    check(read.numRows === part.rows, `${part.name}: ${read.numRows} rows, the manifest says ${part.rows}`)
    check(isDeepStrictEqual(read.schema.fields.map((f) => [f.name, f.nullable]), columns.map((c) => [c.name, c.nullable])), `${part.name}: other columns than documented`)
    rows.push(...rowsOf(columns, read.toArray()))
  }
  return rows
}

function manifestOf(out) {
  const manifest = JSON.parse(readFileSync(join(out, 'current', 'manifest.json')))
  const { records, articles, rejected, duplicates } = manifest.totals
  check(records === articles + rejected + duplicates, `${out}: the totals do not balance`)
  check(manifest.inputs.reduce((n, i) => n + i.records, 0) === records, `${out}: the inputs' records are not the total`)
  for (const part of [...manifest.tables.flatMap((t) => t.parts), ...manifest.files]) {
    const bytes = readFileSync(join(out, 'current', part.name))
    check(bytes.length === part.bytes && createHash('sha256').update(bytes).digest('hex') === part.sha256, `${part.name}: other bytes than the manifest says`)
  }
  return manifest
}

// Offsets count code points, and JavaScript's strings count UTF-16 units.
function checkOffsets(objects) {
  const text = new Map(objects.articles.map((a) => [a.article_id, Array.from(a.text)]))
  const same = (table, row, words, start, end) =>
    check(text.get(row.article_id).slice(start, end).join('') === words, `${table}: ${row.article_id} [${start}:${end}] is not ${JSON.stringify(words)}`)
  for (const [table, surface] of [['mentions', 'surface'], ['sentences', 'text'], ['quotes', 'text']]) {
    check(objects[table].length > 0, `${table}: no row`)
    for (const row of objects[table]) same(table, row, row[surface], row.start, row.end)
  }
  for (const table of ['stances', 'quotes']) {
    const cues = objects[table].filter((row) => row.cue)
    check(cues.length > 0, `${table}: no cue`)
    for (const row of cues) same(table, row, row.cue, row.cue_start, row.cue_end)
  }
}

const [schemaFile, parquetOut, arrowOut] = process.argv.slice(2)
if (!arrowOut) {
  console.error('usage: node check_tables.mjs SCHEMA.json PARQUET_OUT ARROW_OUT')
  process.exit(64)
}
const schema = JSON.parse(readFileSync(schemaFile))
const manifests = [manifestOf(parquetOut), manifestOf(arrowOut)]
const objects = {}
for (const { name, columns } of schema.tables) {
  const [a, b] = manifests.map((m) => m.tables.find((t) => t.name === name))
  const rows = await parquet(parquetOut, a, columns)
  check(rows.length === a.rows && a.rows === b.rows, `${name}: ${rows.length} rows, the manifests say ${a.rows} and ${b.rows}`)
  for (const row of rows) {
    for (let i = 0; i < columns.length; i++) {
      const where = `${name}.${columns[i].name}`
      if (row[i] === null) check(columns[i].nullable, `${where}: null where none is allowed`)
      else check(is[columns[i].type](row[i]), `${where}: ${row[i]} is no ${columns[i].type}`)
    }
  }
  const others = arrow(arrowOut, b, columns)
  const unlike = rows.findIndex((row, i) => !isDeepStrictEqual(row, others[i]))
  check(unlike < 0, `${name}: arrow and parquet differ in row ${unlike}: ${rows[unlike]} | ${others[unlike]}`)
  objects[name] = rows.map((row) => Object.fromEntries(columns.map((c, i) => [c.name, row[i]])))
}
checkOffsets(objects)
console.log(`check_tables.mjs: ${checks} checks passed with hyparquet and apache-arrow`)
