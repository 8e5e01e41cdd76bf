package main

import (
	"fmt"
	"strings"
	"time"

	"stance/internal/io/dataset"
	"stance/internal/pipeline"
)

// metrics renders a run in the text format of Prometheus, for a collector that
// reads files. A run that published nothing tells its exit code and times
// alone, so that an alert can be set on either.
func metrics(code int, started, ended time.Time, g *dataset.Generation, s pipeline.Summary, f figures) []byte {
	var b strings.Builder
	gauge := func(name, help string, value any) {
		fmt.Fprintf(&b, "# HELP stance_run_%s %s\n# TYPE stance_run_%s gauge\nstance_run_%s %v\n", name, help, name, name, value)
	}
	gauge("exit_code", "Exit code of the last run.", code)
	gauge("start_timestamp_seconds", "When the last run began.", fmt.Sprintf("%.3f", float64(started.UnixMilli())/1e3))
	gauge("duration_seconds", "How long the last run took.", fmt.Sprintf("%.3f", ended.Sub(started).Seconds()))
	if g == nil {
		return []byte(b.String())
	}
	gauge("generation", "Number of the generation that the last run published.", g.Number)
	for _, x := range []struct {
		name, help string
		n          int64
	}{
		{"records", "Records read.", s.Records}, {"articles", "Articles analysed.", s.Articles}, {"rejected", "Records rejected.", s.Rejected},
		{"duplicates", "Articles left out as copies of another with the same id.", s.Duplicates},
		{"near_duplicates", "Articles marked as near copies of another.", s.NearDuplicates},
		{"text_bytes", "Bytes of text analysed.", s.TextBytes}, {"sentences", "Sentences found.", s.Sentences},
		{"mentions", "Mentions found.", s.Mentions}, {"stances", "Stances found.", s.Stances}, {"peak_rss_bytes", "Largest resident size of the run.", peakRSS()},
	} {
		gauge(x.name, x.help, x.n)
	}
	gauge("reject_ratio", "Share of the records that were rejected.", f.RejectRate)
	gauge("unknown_actor_ratio", "Share of the stances whose holder no pack knows.", f.UnknownActorRate)
	gauge("stances_per_1000_sentences", "Stances in 1,000 sentences.", f.StancesPer1000)
	return []byte(b.String())
}
