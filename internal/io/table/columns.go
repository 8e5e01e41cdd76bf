package table

// Schemas returns all tables in the order of the codebook.
func Schemas() []Schema {
	return []Schema{articles(), sentences(), mentions(), tones(), stances(), quotes(), articleParties(), dyads(), rejects(), ruleStats()}
}

// Names of the tables.
const (
	Articles       = "articles"
	Sentences      = "sentences"
	Mentions       = "mentions"
	Tones          = "tones"
	Stances        = "stances"
	Quotes         = "quotes"
	ArticleParties = "article_parties"
	Dyads          = "dyads"
	Rejects        = "rejects"
	RuleStats      = "rule_stats"
)

const (
	unitRunes     = "code points"
	unitBytes     = "bytes"
	sign          = "-1 negative, 0 neutral, 1 positive"
	polarityNames = "negative, neutral, positive"
	scoreOf       = "[-1, 1]"
	prob          = "[0, 1]"
)

// Columns that several tables share.
func articleID() Column {
	return Column{Name: "article_id", Kind: String, Meaning: "id of the article: from the input, else the first 16 hex digits of the SHA-256 of its text", Example: "a1b2c3d4e5f60718", few: true, bloom: true}
}

func sentenceID() Column {
	return Column{Name: "sentence_id", Kind: String, Meaning: "id of the sentence: article_id, /s, index of the sentence", Example: "a1b2c3d4e5f60718/s4", bloom: true}
}

// unique returns the column in the table of which it is the key.
func unique(c Column) Column {
	c.few = false
	return c
}

func outlet() Column {
	return Column{Name: "outlet", Kind: String, Meaning: "who published the article; empty when unknown", Example: "Harbor Courier", few: true}
}

func pubDate() Column {
	return Column{Name: "pub_date", Kind: Date, Null: true, Meaning: "day of publication in UTC", NullRule: "unknown or unreadable date", Example: "2024-03-05"}
}

func section() Column {
	return Column{Name: "section", Kind: String, Meaning: "part of the article", Values: "summary, headline, headline_repeat, dek, body, boilerplate", Example: "body", few: true}
}

func counts() Column {
	return Column{Name: "counts", Kind: Bool, Meaning: "enters default counts: headline, dek or body, of an article that is no copy of another", Example: "true"}
}

func span(what string) []Column {
	return []Column{
		{Name: "start", Kind: Int32, Meaning: "first code point of " + what + " in the article's text", Unit: unitRunes, Example: "512"},
		{Name: "end", Kind: Int32, Meaning: "code point after the last of " + what, Unit: unitRunes, Example: "640"},
		{Name: "start_byte", Kind: Int32, Meaning: "first byte of " + what + " in the article's text as UTF-8", Unit: unitBytes, Example: "518"},
		{Name: "end_byte", Kind: Int32, Meaning: "byte after the last of " + what, Unit: unitBytes, Example: "646"},
	}
}

func speakerParty(null string) Column {
	return Column{Name: "speaker_party", Kind: String, Null: true, Meaning: "id of the party whose words these are", NullRule: null, Example: "united-states", few: true}
}

func join(parts ...any) []Column {
	var cols []Column
	for _, p := range parts {
		switch p := p.(type) {
		case Column:
			cols = append(cols, p)
		case []Column:
			cols = append(cols, p...)
		}
	}
	return cols
}

func articles() Schema {
	return Schema{Name: Articles, Meaning: "an article that was analysed", Key: []string{"article_id"}, Order: []string{"article_id"}, Columns: join(
		unique(articleID()),
		Column{Name: "source_path", Kind: String, Meaning: "input that holds the article, as given; - is standard input", Example: "corpus/2024.jsonl.gz", few: true},
		Column{Name: "record_no", Kind: Int64, Meaning: "number of the record in the input, from 1; the line in line formats", Example: "17"},
		Column{Name: "text_sha256", Kind: String, Meaning: "SHA-256 of the article's text as UTF-8, in hex", Example: "9f86d081…", bloom: true},
		outlet(),
		Column{Name: "url", Kind: String, Null: true, Meaning: "address of the article", NullRule: "not in the input", Example: "https://harborcourier.example/a/17"},
		Column{Name: "byline", Kind: String, Null: true, Meaning: "author as the input names it", NullRule: "not in the input", Example: "A. Writer", few: true},
		Column{Name: "published_at", Kind: Time, Null: true, Meaning: "time of publication; midnight when the input gives a day", NullRule: "unknown or unreadable date", Example: "2024-03-05T06:00:00Z"},
		pubDate(),
		Column{Name: "headline", Kind: String, Meaning: "the headline field, else the headline found in the text; empty when there is none", Example: "Talks resume after a week"},
		Column{Name: "lang", Kind: String, Meaning: "language, BCP 47", Example: "en", few: true},
		Column{Name: "n_chars", Kind: Int32, Meaning: "length of the text", Unit: unitRunes, Example: "4821"},
		Column{Name: "n_tokens", Kind: Int32, Meaning: "words, numbers, marks and symbols of the text", Unit: "tokens", Example: "902"},
		Column{Name: "n_sentences", Kind: Int32, Meaning: "sentences of the text", Unit: "sentences", Example: "34"},
		Column{Name: "layout", Kind: String, Meaning: "how the parts lie in the text", Values: "plain, digest, fields", Example: "fields", few: true},
		Column{Name: "body_start", Kind: Int32, Meaning: "where the body field of the record begins in the text, which is headline, blank line, body; 0 for text files and records without a headline", Unit: unitRunes, Example: "27"},
		Column{Name: "headline_repeated", Kind: Bool, Meaning: "the headline stands in the text a second time", Example: "false"},
		Column{Name: "has_summary", Kind: Bool, Meaning: "a summary precedes the headline", Example: "false"},
		Column{Name: "duplicate_of", Kind: String, Null: true, Meaning: "article_id of the lead article of which this is a copy or near copy", NullRule: "the article is no copy", Example: "0718a1b2c3d4e5f6"},
		Column{Name: "duplicate_similarity", Kind: Float32, Null: true, Meaning: "similarity of the texts' word sequences to the lead article", Values: prob, NullRule: "the article is no copy", Example: "0.94"},
		Column{Name: "sentiment_mean", Kind: Float32, Null: true, Meaning: "mean sentiment of the sentences that count", Values: scoreOf, NullRule: "there is no such sentence", Example: "-0.08"},
		Column{Name: "sentiment_body", Kind: Float32, Null: true, Meaning: "mean sentiment of the body's sentences", Values: scoreOf, NullRule: "there is no such sentence", Example: "-0.07"},
		Column{Name: "warnings", Kind: Strings, Meaning: "what was odd about the record", Values: "bad_date, bad_field, invalid_utf8 …", Example: "[bad_date]", few: true},
		Column{Name: "text", Kind: String, Null: true, Meaning: "the whole text, to which offsets refer", NullRule: "the run was made without --with-text", Example: "Talks resume after a week\n\nThe …", long: true},
	)}
}

func sentences() Schema {
	return Schema{Name: Sentences, Meaning: "a sentence and its sentiment", Key: []string{"sentence_id"}, Order: []string{"article_id", "sentence"}, Columns: join(
		sentenceID(), articleID(), outlet(), pubDate(),
		Column{Name: "sentence", Kind: Int32, Meaning: "index of the sentence in the article, from 0", Example: "4"},
		Column{Name: "paragraph", Kind: Int32, Meaning: "index of its paragraph, from 0", Example: "2"},
		section(), counts(), span("the sentence"),
		Column{Name: "text", Kind: String, Null: true, Meaning: "the sentence", NullRule: "the run was made with --no-text", Example: "The ministry praised the deal.", long: true},
		Column{Name: "n_tokens", Kind: Int32, Meaning: "tokens of the sentence", Unit: "tokens", Example: "24"},
		Column{Name: "sentiment", Kind: Float32, Meaning: "sentiment of the whole sentence, whoever it concerns", Values: scoreOf, Example: "0.41"},
		Column{Name: "sentiment_label", Kind: String, Meaning: "sign of the sentiment where it is strong enough to have one", Values: polarityNames, Example: "positive", few: true},
		Column{Name: "positive", Kind: Float32, Meaning: "strength of the positive words", Values: prob, Example: "0.5"},
		Column{Name: "negative", Kind: Float32, Meaning: "strength of the negative words", Values: prob, Example: "0.1"},
		Column{Name: "n_cues", Kind: Int32, Meaning: "words of the lexicon that were found", Unit: "words", Example: "2"},
		Column{Name: "bayes_logodds", Kind: Float32, Null: true, Meaning: "log-odds positive to negative of the naive Bayes model of cdipaolo/sentiment", Unit: "natural logarithm", NullRule: "no word known to the model", Example: "1.7"},
		Column{Name: "bayes_label", Kind: String, Null: true, Meaning: "label of that model", Values: polarityNames, NullRule: "no word known to the model", Example: "positive", few: true},
		Column{Name: "quoted", Kind: String, Meaning: "how much of the sentence stands between quotation marks", Values: "none, part, all", Example: "none", few: true},
		speakerParty("the narrator speaks, or nobody whom a pack knows"),
		Column{Name: "speaker_method", Kind: String, Null: true, Meaning: "the step that found the speaker, as quotes.method", NullRule: "the narrator speaks", Example: "speaker-verb-quote", few: true},
		Column{Name: "question", Kind: Bool, Meaning: "the sentence is a question", Example: "false"},
		Column{Name: "modality", Kind: String, Meaning: "what keeps the sentence from being a plain assertion; empty for an assertion", Values: "hypothetical, intended, required …", Example: "hypothetical", few: true},
	)}
}

func mentions() Schema {
	return Schema{Name: Mentions, Meaning: "an expression that names a party, issue or person", Key: []string{"mention_id"}, Order: []string{"article_id", "start", "kind"}, Columns: join(
		Column{Name: "mention_id", Kind: String, Meaning: "id of the mention: article_id, /m, first code point; of two at one place the later has the letter of its kind added", Example: "a1b2c3d4e5f60718/m512", bloom: true},
		articleID(), sentenceID(),
		Column{Name: "kind", Kind: String, Meaning: "what is named", Values: "party, issue, person", Example: "party", few: true},
		Column{Name: "party", Kind: String, Null: true, Meaning: "id of the party that is named, or of the issue where kind is issue", NullRule: "the resolution abstained, or it is a person of no party", Example: "israel", few: true, bloom: true},
		Column{Name: "person", Kind: String, Null: true, Meaning: "id of the person in the pack, else the name", NullRule: "no person is named", Example: "netanyahu", few: true},
		Column{Name: "rollup", Kind: Strings, Meaning: "parties that the party belongs to on the article's day: ancestors and coalitions", Example: "[european-union]", few: true},
		Column{Name: "surface", Kind: String, Meaning: "the expression as it stands in the text", Example: "the Israeli prime minister", few: true},
		Column{Name: "alias", Kind: String, Meaning: "the alias of the pack that matched", Example: "prime minister", few: true},
		Column{Name: "alias_kind", Kind: String, Meaning: "kind of that alias", Values: "name, short, leader, role, demonym, metonym, pronoun, place", Example: "role", few: true},
		span("the expression"),
		Column{Name: "in_quote", Kind: Bool, Meaning: "stands inside a quotation", Example: "false"},
		Column{Name: "role", Kind: String, Meaning: "part in the strongest stance it takes part in", Values: "holder, target, speaker, issue, none", Example: "target", few: true},
		Column{Name: "resolution", Kind: String, Meaning: "the step that decided what is named", Values: "longest, case, date, context, full-form, priority, coreference, cue, place, abstain", Example: "longest", few: true},
		Column{Name: "candidates", Kind: Strings, Meaning: "ids between which the resolution abstained; empty when it did not", Example: "[georgia, us-georgia]", few: true},
		Column{Name: "confidence", Kind: Float32, Meaning: "confidence of the resolution", Values: prob, Example: "0.9"},
	)}
}

func tones() Schema {
	return Schema{Name: Tones, Meaning: "what a sentence expresses towards one party named in it, whoever speaks", Key: []string{"sentence_id", "party"}, Order: []string{"article_id", "sentence_id", "party"}, Columns: join(
		articleID(), sentenceID(), outlet(), pubDate(), section(), counts(),
		Column{Name: "party", Kind: String, Meaning: "id of the party", Example: "hamas", few: true, bloom: true},
		Column{Name: "mention_id", Kind: String, Meaning: "first mention of the party in the sentence", Example: "a1b2c3d4e5f60718/m512"},
		Column{Name: "n_mentions", Kind: Int32, Meaning: "mentions of the party in the sentence", Unit: "mentions", Example: "1"},
		Column{Name: "tone_label", Kind: String, Meaning: "most probable class", Values: polarityNames, Example: "negative", few: true},
		Column{Name: "p_negative", Kind: Float32, Meaning: "probability of a negative tone", Values: prob, Example: "0.71"},
		Column{Name: "p_neutral", Kind: Float32, Meaning: "probability of a neutral tone", Values: prob, Example: "0.25"},
		Column{Name: "p_positive", Kind: Float32, Meaning: "probability of a positive tone", Values: prob, Example: "0.04"},
		Column{Name: "tone", Kind: Float32, Meaning: "p_positive - p_negative", Values: scoreOf, Example: "-0.67"},
		Column{Name: "voice", Kind: String, Meaning: "in whose words the party is named. narrator: the article's own; quoted: between quotation marks; reported: said of another without them", Values: "narrator, quoted, reported", Example: "narrator", few: true},
		speakerParty("the narrator speaks, or nobody whom a pack knows"),
		Column{Name: "top_features", Kind: Strings, Meaning: "features that weighed most for the label, the strongest first", Example: "[sentence-negative, near:killed]", few: true},
	)}
}

func stances() Schema {
	return Schema{Name: Stances, Meaning: "an assertion that a holder expresses something towards a target", Key: []string{"stance_id"}, Order: []string{"article_id", "sentence", "cue_start", "rule"}, Columns: join(
		Column{Name: "stance_id", Kind: String, Meaning: "id of the stance: hash of its article, sentence, rule, holder, target, cue, act and polarity, 16 hex digits", Example: "0f1e2d3c4b5a6978", bloom: true},
		articleID(), sentenceID(),
		Column{Name: "sentence", Kind: Int32, Meaning: "index of the sentence in the article, from 0", Example: "4"},
		outlet(), pubDate(), section(), counts(),
		Column{Name: "voice", Kind: String, Meaning: "in whose words it is told. narrator: the article itself tells of it, be the holder a party or the article; party: a party that is quoted or reported; unknown: a speaker whom no pack knows", Values: "narrator, party, unknown", Example: "narrator", few: true},
		Column{Name: "reported_by_party", Kind: String, Null: true, Meaning: "party that attributes the stance to the holder", NullRule: "nobody in between", Example: "united-nations", few: true},
		Column{Name: "holder_party", Kind: String, Null: true, Meaning: "id of the party that holds the stance", NullRule: "the holder is the narrator, unknown, or a person without a party", Example: "united-states", few: true, bloom: true},
		Column{Name: "holder_person", Kind: String, Null: true, Meaning: "person who speaks for the holder", NullRule: "no person is named", Example: "biden", few: true},
		Column{Name: "holder_mention_id", Kind: String, Null: true, Meaning: "mention of the holder", NullRule: "the holder is the narrator, or unknown", Example: "a1b2c3d4e5f60718/m498"},
		Column{Name: "target_kind", Kind: String, Meaning: "what the stance is towards", Values: "party, issue, person", Example: "party", few: true},
		Column{Name: "target_party", Kind: String, Null: true, Meaning: "id of the party that the stance is towards", NullRule: "the target is an issue or not resolved", Example: "israel", few: true, bloom: true},
		Column{Name: "target_person", Kind: String, Null: true, Meaning: "person that the stance is towards", NullRule: "no person is named", Example: "netanyahu", few: true},
		Column{Name: "target_issue", Kind: String, Null: true, Meaning: "issue that the stance is towards", NullRule: "the target is no issue", Example: "ceasefire", few: true},
		Column{Name: "target_mention_id", Kind: String, Meaning: "mention of the target", Example: "a1b2c3d4e5f60718/m530"},
		Column{Name: "issue", Kind: String, Null: true, Meaning: "issue at stake between holder and target", NullRule: "none is named", Example: "humanitarian-aid", few: true},
		Column{Name: "act", Kind: String, Meaning: "what the holder does", Values: "accuse, blame, condemn, criticize, demand, praise, reject, support, thank, threaten …", Example: "accuse", few: true},
		Column{Name: "cameo", Kind: String, Null: true, Meaning: "CAMEO code of the act", NullRule: "the rule gives none", Example: "112", few: true},
		Column{Name: "polarity", Kind: Int32, Meaning: "sign of the stance after reversal and negation", Values: sign, Example: "-1"},
		Column{Name: "label", Kind: String, Meaning: "the polarity in words", Values: "against, neutral, favor", Example: "against", few: true},
		Column{Name: "score", Kind: Float32, Meaning: "strength and sign of the stance: base × f_reversal × f_negation × f_modality × f_reporting × f_section × f_alias", Values: scoreOf, Example: "-0.64"},
		Column{Name: "base", Kind: Float32, Meaning: "strength that the rule gives, with its sign", Values: scoreOf, Example: "-0.8"},
		Column{Name: "f_reversal", Kind: Float32, Meaning: "factor for reversing words (stopped, ended)", Values: "-1, 1", Example: "1"},
		Column{Name: "f_negation", Kind: Float32, Meaning: "factor for negation", Values: scoreOf, Example: "1"},
		Column{Name: "f_modality", Kind: Float32, Meaning: "factor for what is not asserted (would, if, may)", Values: prob, Example: "0.8"},
		Column{Name: "f_reporting", Kind: Float32, Meaning: "factor for a reporting verb that keeps its distance (claimed)", Values: prob, Example: "1"},
		Column{Name: "f_section", Kind: Float32, Meaning: "factor for the section: headlines sharpen", Values: prob, Example: "1"},
		Column{Name: "f_alias", Kind: Float32, Meaning: "factor for how directly the target is named: a leader or capital stands for less than the name", Values: prob, Example: "1"},
		Column{Name: "negated", Kind: Bool, Meaning: "a negation governs the cue", Example: "false"},
		Column{Name: "reversed", Kind: Bool, Meaning: "a reversing word governs the cue", Example: "false"},
		Column{Name: "modality", Kind: String, Meaning: "what keeps it from being a plain assertion; empty for an assertion", Values: "hypothetical, intended, required, question …", Example: "hypothetical", few: true},
		Column{Name: "reporting_verb", Kind: String, Null: true, Meaning: "lemma of the reporting verb in force", NullRule: "not reported", Example: "say", few: true},
		Column{Name: "in_quote", Kind: Bool, Meaning: "the cue stands inside a quotation", Example: "false"},
		Column{Name: "rule", Kind: String, Meaning: "id of the rule", Example: "accuse", few: true},
		Column{Name: "ruleset_version", Kind: String, Meaning: "the packs of the run and their versions", Example: "core-en@1.0.0 gaza@1.0.0", few: true},
		Column{Name: "sieve", Kind: String, Meaning: "where the rule found holder and target: holder>target", Values: "subject>object, speaker>subject, unknown>object, narrator>issue, passive:prep>subject, subject>antecedent …", Example: "subject>object", few: true},
		Column{Name: "cue", Kind: String, Meaning: "the words that carry the stance", Example: "accused", few: true},
		Column{Name: "cue_start", Kind: Int32, Meaning: "first code point of the cue in the article's text", Unit: unitRunes, Example: "505"},
		Column{Name: "cue_end", Kind: Int32, Meaning: "code point after the cue", Unit: unitRunes, Example: "512"},
		Column{Name: "snippet", Kind: String, Null: true, Meaning: "the sentence; at most 1 KiB of it on either side of the cue", NullRule: "the run was made with --no-text", Example: "The minister accused the movement of delay.", long: true},
		Column{Name: "confidence", Kind: Float32, Meaning: "confidence that holder, target and polarity are right", Values: prob, Example: "0.8"},
		Column{Name: "shadowed", Kind: Strings, Meaning: "rules that claimed the same words and lost", Example: "[criticize]", few: true},
	)}
}

func quotes() Schema {
	return Schema{Name: Quotes, Meaning: "words of another, with who says so and how", Key: []string{"quote_id"}, Order: []string{"article_id", "start", "end"}, Columns: join(
		Column{Name: "quote_id", Kind: String, Meaning: "id of the quote: hash of its article, place and kind, 16 hex digits", Example: "78695a4b3c2d1e0f", bloom: true},
		articleID(),
		Column{Name: "first_sentence_id", Kind: String, Meaning: "sentence in which it begins", Example: "a1b2c3d4e5f60718/s4"},
		Column{Name: "last_sentence_id", Kind: String, Meaning: "sentence in which it ends", Example: "a1b2c3d4e5f60718/s5"},
		span("the content"),
		Column{Name: "kind", Kind: String, Meaning: "direct: whole sentences between marks; mixed: fragments between marks; indirect: said that", Values: "direct, mixed, indirect", Example: "direct", few: true},
		speakerParty("not known to a pack"),
		Column{Name: "speaker_person", Kind: String, Null: true, Meaning: "person who speaks", NullRule: "no person is named", Example: "guterres", few: true},
		Column{Name: "speaker_surface", Kind: String, Null: true, Meaning: "the speaker as the text names them", NullRule: "not found in the text", Example: "a spokesman for the ministry"},
		Column{Name: "cue", Kind: String, Null: true, Meaning: "reporting verb or phrase", NullRule: "none", Example: "said", few: true},
		Column{Name: "cue_start", Kind: Int32, Null: true, Meaning: "first code point of the cue", Unit: unitRunes, NullRule: "no cue", Example: "505"},
		Column{Name: "cue_end", Kind: Int32, Null: true, Meaning: "code point after the cue", Unit: unitRunes, NullRule: "no cue", Example: "509"},
		Column{Name: "method", Kind: String, Meaning: "the step that found the speaker", Values: "speaker-verb-quote, quote-verb-speaker, that-clause, fronted, according-to, colon, noun, object, infinitive, preposition, passive, seeming, paragraph, floating-quote, unattributed", Example: "speaker-verb-quote", few: true},
		Column{Name: "text", Kind: String, Null: true, Meaning: "the content", NullRule: "the run was made with --no-text", Example: "We will not wait.", long: true},
	)}
}

func articleParties() Schema {
	return Schema{Name: ArticleParties, Meaning: "what one article holds about one party", Key: []string{"article_id", "party"}, Order: []string{"article_id", "party"}, Columns: join(
		articleID(), outlet(), pubDate(),
		Column{Name: "party", Kind: String, Meaning: "id of the party", Example: "israel", few: true, bloom: true},
		Column{Name: "n_mentions", Kind: Int32, Meaning: "mentions of the party", Unit: "mentions", Example: "9"},
		Column{Name: "n_sentences", Kind: Int32, Meaning: "sentences that mention it", Unit: "sentences", Example: "7"},
		Column{Name: "tone_mean", Kind: Float32, Meaning: "mean tone towards it", Values: scoreOf, Example: "-0.2"},
		Column{Name: "tone_narrator", Kind: Float32, Null: true, Meaning: "mean tone towards it in the article's own words", Values: scoreOf, NullRule: "only others speak of it", Example: "-0.1"},
		Column{Name: "n_negative", Kind: Int32, Meaning: "sentences with a negative tone", Unit: "sentences", Example: "3"},
		Column{Name: "n_neutral", Kind: Int32, Meaning: "sentences with a neutral tone", Unit: "sentences", Example: "3"},
		Column{Name: "n_positive", Kind: Int32, Meaning: "sentences with a positive tone", Unit: "sentences", Example: "1"},
		Column{Name: "stance_given", Kind: Float32, Null: true, Meaning: "mean score of the stances it holds", Values: scoreOf, NullRule: "it holds none", Example: "-0.4"},
		Column{Name: "stance_received", Kind: Float32, Null: true, Meaning: "mean score of the stances towards it", Values: scoreOf, NullRule: "there is none", Example: "-0.6"},
		Column{Name: "n_given", Kind: Int32, Meaning: "stances it holds", Unit: "stances", Example: "2"},
		Column{Name: "n_received", Kind: Int32, Meaning: "stances towards it", Unit: "stances", Example: "4"},
		Column{Name: "n_quotes", Kind: Int32, Meaning: "quotes of it", Unit: "quotes", Example: "2"},
		Column{Name: "share_of_mentions", Kind: Float32, Meaning: "its share of all mentions of parties", Values: prob, Example: "0.3"},
		Column{Name: "stance_label", Kind: String, Meaning: "the article's stance towards it", Values: "against, neutral, favor", Example: "against", few: true},
		Column{Name: "confidence", Kind: Float32, Meaning: "confidence of the label", Values: prob, Example: "0.6"},
	)}
}

func dyads() Schema {
	return Schema{Name: Dyads, Meaning: "an ordered pair of parties in one sentence that could have a stance: the denominator of shares", Key: []string{"sentence_id", "party_a", "party_b"}, Order: []string{"article_id", "sentence_id"}, Columns: join(
		articleID(), sentenceID(),
		Column{Name: "party_a", Kind: String, Meaning: "party that could hold a stance", Example: "united-states", few: true},
		Column{Name: "party_b", Kind: String, Meaning: "party that it could be towards", Example: "israel", few: true},
		Column{Name: "has_stance", Kind: Bool, Meaning: "a stance was found", Example: "true"},
	)}
}

func rejects() Schema {
	return Schema{Name: Rejects, Meaning: "an input record, or input, that did not become rows, or a warning about one that did", Key: nil, Order: []string{"source_path", "record_no", "byte_offset"}, Columns: join(
		Column{Name: "source_path", Kind: String, Meaning: "input, as given", Example: "corpus/2024.jsonl.gz", few: true},
		Column{Name: "record_no", Kind: Int64, Meaning: "number of the record in the input, from 1; 0 for the whole input", Example: "17"},
		Column{Name: "byte_offset", Kind: Int64, Meaning: "where the record begins in the decompressed input", Unit: unitBytes, Example: "81920"},
		Column{Name: "line", Kind: Int64, Meaning: "first line of the record, from 1; 0 where lines mean nothing", Example: "17"},
		Column{Name: "article_id", Kind: String, Null: true, Meaning: "id of the article", NullRule: "not known", Example: "a1b2c3d4e5f60718"},
		Column{Name: "stage", Kind: String, Meaning: "where it failed", Values: "read, order, analysis", Example: "read", few: true},
		Column{Name: "code", Kind: String, Meaning: "stable code of the reason", Values: "E_JSON, E_UTF8, E_NO_TEXT, E_EMPTY_TEXT, E_TOO_LONG, E_DUP_ID, E_DUP_KEY, E_TYPE, E_GZIP_TRUNCATED, E_PANIC …", Example: "E_JSON", few: true},
		Column{Name: "message", Kind: String, Meaning: "the reason for people; control characters are escaped", Example: "unexpected EOF", long: true},
		Column{Name: "raw_head", Kind: Binary, Meaning: "first bytes of the record, at most 4096", Unit: unitBytes, Example: "{\"id\": 17, …", long: true},
		Column{Name: "severity", Kind: String, Meaning: "error: a record was lost; warning: nothing was", Values: "error, warning", Example: "error", few: true},
	)}
}

func ruleStats() Schema {
	return Schema{Name: RuleStats, Meaning: "what a rule did over the whole run", Key: []string{"rule"}, Order: []string{"rule"}, Columns: join(
		Column{Name: "rule", Kind: String, Meaning: "id of the rule", Example: "accuse"},
		Column{Name: "tried", Kind: Int64, Meaning: "times its words were found", Unit: "places", Example: "120"},
		Column{Name: "fired", Kind: Int64, Meaning: "stances it gave", Unit: "stances", Example: "84"},
		Column{Name: "shadowed", Kind: Int64, Meaning: "times it lost to another rule", Unit: "places", Example: "3"},
		Column{Name: "negated", Kind: Int64, Meaning: "times a negation governed its words, whether it fired or not", Unit: "places", Example: "5"},
		Column{Name: "articles", Kind: Int64, Meaning: "articles in which it fired", Unit: "articles", Example: "60"},
		Column{Name: "per_1000_sentences", Kind: Float32, Meaning: "times fired per 1,000 sentences of the run", Unit: "stances per 1,000 sentences", Example: "1.3"},
	)}
}
