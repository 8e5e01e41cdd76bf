package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"stance/internal/pipeline"
)

// logEvery is how often a run without a terminal says how far it is.
const logEvery = 10 * time.Second

// newLogger returns the logger of a run: lines of text or JSON on w.
func newLogger(format string, w io.Writer) (*slog.Logger, error) {
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(w, nil)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, nil)), nil
	}
	return nil, fail(exitUsage, "unknown log format %q: expected text or json", format)
}

// watch shows the progress of a run until the returned function is called: a
// bar when w is a terminal, else a log line every ten seconds.
func watch(ctx context.Context, w io.Writer, log *slog.Logger, size int64, c *pipeline.Counter) (stop func()) {
	done, finished := make(chan struct{}), make(chan struct{})
	p := &progress{c: c, size: size, start: time.Now()}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		go p.draw(ctx, f, done, finished)
	} else {
		go p.log(ctx, log, done, finished)
	}
	return func() {
		close(done)
		<-finished
	}
}

type progress struct {
	c     *pipeline.Counter
	size  int64 // stored bytes of all inputs; 0 when unknown
	start time.Time
}

// rates returns articles and megabytes of text per second since the start,
// and the time left at this pace; zero when unknown.
func (p *progress) rates() (articles, megabytes float64, left time.Duration) {
	d := time.Since(p.start).Seconds()
	text, total := p.c.TextBytes.Load(), p.c.TextTotal.Load()
	articles, megabytes = float64(p.c.Articles.Load())/d, float64(text)/d/1e6
	if text > 0 && total > text {
		left = time.Duration(float64(total-text) / float64(text) * d * float64(time.Second)).Round(time.Second)
	}
	return articles, megabytes, left
}

func (p *progress) log(ctx context.Context, log *slog.Logger, done, finished chan struct{}) {
	defer close(finished)
	tick := time.NewTicker(logEvery)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-ctx.Done():
			return
		case <-tick.C:
			a, m, left := p.rates()
			log.Info("running", "articles", p.c.Articles.Load(), "of", p.c.ArticlesAll.Load(), "rejects", p.c.Rejects.Load(),
				"articles_per_s", int64(a), "mb_per_s", fmt.Sprintf("%.1f", m), "left", left.String())
		}
	}
}

func (p *progress) draw(ctx context.Context, w io.Writer, done, finished chan struct{}) {
	defer close(finished)
	bar := progressbar.NewOptions64(max(p.size, 1), progressbar.OptionSetWriter(w), progressbar.OptionSetDescription("reading"),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionShowBytes(true),
		progressbar.OptionSetPredictTime(false), progressbar.OptionFullWidth())
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	analyzing := false
	for {
		select {
		case <-done:
			_ = bar.Clear() // only the look of the terminal is at stake
			return
		case <-ctx.Done():
			_ = bar.Clear()
			return
		case <-tick.C:
			if !analyzing && p.c.Stage.Load() != pipeline.StageRead {
				analyzing = true
				bar.ChangeMax64(max(p.c.TextTotal.Load(), 1))
			}
			n := p.c.InputBytes.Load()
			if analyzing {
				a, m, left := p.rates()
				bar.Describe(fmt.Sprintf("%s articles/s, %.1f MB/s, %s left", thousands(int64(a)), m, left))
				n = p.c.TextBytes.Load()
			}
			_ = bar.Set64(min(n, bar.GetMax64()))
		}
	}
}
