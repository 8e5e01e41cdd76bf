package model

// Reject is an input record, or a whole input, that did not become rows.
type Reject struct {
	Source
	ArticleID string // "" when unknown
	Stage     string // read, order, analysis
	Code      string // stable: E_JSON, E_UTF8, E_NO_TEXT, E_TOO_LONG, E_DUP_ID, E_GZIP_TRUNCATED …
	Message   string // for people; may quote the input unescaped
	RawHead   []byte // first bytes of the record, at most RawHeadMax
	Warning   bool   // nothing was lost: trailing junk after a complete file, for example
}

// RawHeadMax bounds Reject.RawHead, in bytes.
const RawHeadMax = 4 << 10

// Batch is what a reader hands on at a time. The receiver owns it.
type Batch struct {
	Articles   []Article
	Rejects    []Reject
	Records    int64  // records read, whatever became of them
	Skipped    int64  // records left out on request: outside the dates, the shard or the limit
	InputBytes int64  // bytes taken from the inputs since the batch before, as stored
	Path       string // of the input, the same for the whole batch
	Known      *Input // not nil: the input is as it was then, and was not decoded
	KnownLines int64  // with Known: so many lines are; batches of those behind follow. 0: all of the input is
	Whole      *Input // not nil: the batch holds all of the input, which was read to its end
}

// Wanted are records of an input that are to be read once more.
type Wanted struct {
	Has   func(record int64) bool
	First Source // of the first of them
	Last  int64  // the number of the last
}

// Chunk is a run of articles that become one part of each table.
type Chunk struct {
	Folder string // below each table, pub_month=2024-01 for example; "" for none
	Number int    // within the folder, from 0
	Key    string // of what the parts hold, hexadecimal; "" where nothing is kept
}

// Joined is an article of several runs that are joined.
type Joined struct {
	Shard       int // the run that analysed it, from 0
	Chunk       int // of that run: its number
	ID          string
	DuplicateOf string  // as in Article, found over all runs
	Similarity  float32 // as in Article
}

// Input is one input file as it was read.
type Input struct {
	Path    string `json:"path"`
	Format  string `json:"format"`
	Bytes   int64  `json:"bytes"`
	SHA256  string `json:"sha256"` // of the bytes as stored; "" when it could not be read
	Records int64  `json:"records"`
	Rejects int64  `json:"rejects"`
}

// RuleStat is what a rule did over a whole run.
type RuleStat struct {
	Rule string
	RuleCount
	Articles        int64   // in which it fired
	Per1000Sentence float64 // times fired per 1,000 sentences
}
