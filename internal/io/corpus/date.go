package corpus

import (
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// dateLayouts are the forms of dates found in news corpora, the frequent ones
// first.
var dateLayouts = []string{
	"2006-01-02",
	time.RFC3339Nano,
	"2006-01-02 15:04:05.999999999",
	"2006-01-02T15:04:05.999999999",
	"2006-01-02T15:04Z07:00",
	"2006-01-02T15:04",
	"2006-01-02 15:04",
	"2006-01-02 15:04:05.999999999Z07:00",
	"2006-01-02 15:04:05.999999999 Z07:00",
	"2006-01-02 15:04:05.999999999 -0700",
	"2006-01-02T15:04:05.999999999-0700",
	"20060102",
	"20060102T150405Z",
	"20060102150405",
	"2006/01/02",
	"2006/01/02 15:04:05",
	time.RFC1123Z,
	time.RFC1123,
	"Mon, 2 Jan 2006 15:04:05 -0700",
	"Mon, 2 Jan 2006 15:04:05 MST",
	"Mon Jan 2 15:04:05 -0700 2006",
	time.UnixDate,
	time.ANSIC,
	"January 2, 2006",
	"Jan 2, 2006",
	"Jan. 2, 2006",
	"2 January 2006",
	"2 Jan 2006",
	"January 2, 2006, 15:04",
	"January 2, 2006 3:04 PM",
	"January 2, 2006, 3:04 PM",
	"Monday, January 2, 2006",
}

// zones are the abbreviations that the press uses. They are fixed here
// because time.Parse asks the machine's own zone about them.
var zones = map[string]int{
	"UTC": 0, "GMT": 0, "Z": 0, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3,
	"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}

// parseDate reads a date in any of the known forms, in UTC where no zone is
// given. Dates without a time are midnight UTC. Years outside 1 to 9999 are
// refused.
func parseDate(s string) (time.Time, bool) {
	s = strings.TrimSpace(s)
	if len(s) < 6 || len(s) > 64 {
		return time.Time{}, false
	}
	for _, layout := range dateLayouts {
		t, err := time.ParseInLocation(layout, s, time.UTC)
		if err != nil {
			continue
		}
		return absolute(t)
	}
	return time.Time{}, false
}

// absolute returns a parsed time in UTC, by our own zones where it named one
// that package time does not know.
func absolute(t time.Time) (time.Time, bool) {
	if name, offset := t.Zone(); offset == 0 && t.Location() != time.UTC && name != "" {
		hours, known := zones[name]
		if !known && name[0] != '+' && name[0] != '-' {
			return time.Time{}, false
		}
		t = t.Add(-time.Duration(hours) * time.Hour)
	}
	return inYears(t)
}

// parseEpoch reads seconds, or from 13 digits on milliseconds, since 1970.
func parseEpoch(s string) (time.Time, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	switch {
	case err != nil || n <= 0:
		return time.Time{}, false
	case len(s) == 8:
		return parseDate(s)
	case len(s) >= 13:
		return inYears(time.UnixMilli(n))
	default:
		return inYears(time.Unix(n, 0))
	}
}

func inYears(t time.Time) (time.Time, bool) {
	t = t.UTC()
	if y := t.Year(); y < 1 || y > 9999 || t.IsZero() {
		return time.Time{}, false
	}
	return t, true
}

// dateOfName returns the day that the name of a file begins or ends with:
// "2024-05-15_dw_law.txt", "law-2024-05-15.txt.gz"; the zero time without one.
func dateOfName(path string) time.Time {
	name, _, _ := strings.Cut(filepath.Base(path), ".")
	const day = len(time.DateOnly)
	digit := func(i int) bool { return i >= 0 && i < len(name) && name[i] >= '0' && name[i] <= '9' }
	for _, at := range [...]int{0, len(name) - day} {
		if at < 0 || digit(at-1) || digit(at+day) || len(name) < day {
			continue
		}
		if t, err := time.Parse(time.DateOnly, name[at:at+day]); err == nil {
			if t, ok := inYears(t); ok {
				return t
			}
		}
	}
	return time.Time{}
}
