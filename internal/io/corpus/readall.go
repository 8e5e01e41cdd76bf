package corpus

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"stance/internal/model"
)

// ReadAll reads the articles of r in their order: JSON Lines when the first
// byte is a brace, else one text article. Date, in any known form, stands in
// where an article has none; "" leaves it unknown. Unlike Read it fails at
// the first record that cannot be read.
func ReadAll(ctx context.Context, path string, r io.Reader, date string) ([]*model.Article, error) {
	b := bufio.NewReader(r)
	o := Options{From: formatText.String(), Stdin: b}
	if head, _ := b.Peek(1); len(head) == 1 && head[0] == '{' {
		o.From = formatLines.String()
	}
	c, err := Open([]string{"-"}, o)
	if err != nil {
		return nil, err
	}
	var batches []*model.Batch
	// One worker hands on batches in the order of the input.
	if err := c.Read(ctx, 1, func(b *model.Batch) error {
		batches = append(batches, b)
		return nil
	}); err != nil {
		return nil, err
	}
	var articles []*model.Article
	for _, b := range batches {
		for i := range b.Rejects {
			if rej := &b.Rejects[i]; !rej.Warning {
				return nil, fmt.Errorf("%s:%d: %s [%s]", path, rej.Line, rej.Message, rej.Code)
			}
		}
		for i := range b.Articles {
			a := &b.Articles[i]
			a.Source.Path = path
			if date == "" && o.From == formatText.String() {
				a.PublishedAt = dateOfName(path)
			}
			if date != "" && a.PublishedAt.IsZero() {
				var ok bool
				if a.PublishedAt, ok = parseDate(date); !ok {
					return nil, fmt.Errorf("%w: %q is no date", ErrOptions, date)
				}
			}
			articles = append(articles, a)
		}
	}
	if len(articles) == 0 {
		return nil, errors.New(path + ": no article")
	}
	return articles, nil
}
