package text

// vocabulary holds the built-in words only.
var vocabulary = NewBuilder().Build()
