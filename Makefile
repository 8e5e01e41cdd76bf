# Two commands set everything up on a fresh machine: make run, make test.
GO          ?= go
BIN         := bin/stance
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
BENCHSTAT   := golang.org/x/perf/cmd/benchstat@v0.0.0-20260908200009-22c9c6c9d4da
FUZZTIME    ?= 10s
BENCH       ?= .
COUNT       ?= 6
# The race detector needs a C compiler; without one the tests run all the same.
RACE        := $(if $(shell command -v gcc || command -v clang),-race)

# What keeps a first build short. Debuggers lose their tables; profiles and the
# traces of panics stay whole. Arrow's JSON and the manual pages of the command
# line are never asked for, and the packages at the end are brought along by
# libraries and executed by no run: to optimise them takes a third of the time.
PLAIN := arrow/compute/... arrow/extensions arrow/scalar parquet/variant
PLAIN := $(PLAIN:%=github.com/apache/arrow-go/v18/%) gonum.org/v1/gonum/... net/http crypto/tls
FLAGS := -tags=arrow_json_stdlib,urfave_cli_no_docs -gcflags=all=-dwarf=false $(foreach p,$(PLAIN),'-gcflags=$p=-N -l -dwarf=false')

.PHONY: all build run test test-faults lint fmt update figures fuzz bench bench-diff bench-cluster test-consumers test-cluster static ci clean

all: build

build:
	@CGO_ENABLED=0 $(GO) build $(FLAGS) -ldflags='-s -w' -o $(BIN) ./cmd/stance

# The main job on the embedded packs and the sample corpus.
run: build
	@$(BIN) run data/sample -o out

test:
	$(GO) test $(FLAGS) $(RACE) ./...

# The long form of the tests of faults: 500 random kills, a kill at each system
# call, 40 full disks. Needs strace and the right to mount; takes about an hour.
FAULTS ?= 500
test-faults:
	$(GO) test ./internal/io/dataset -run TestPowerLoss -v
	$(GO) test ./cmd/stance -run 'TestFaults|TestCheckFindsBugs' -faults $(FAULTS) -v -timeout 3h

lint:
	@test -z "$$(gofmt -l cmd internal data)" || { echo "not gofmt:"; gofmt -l cmd internal data; exit 1; }
	$(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...

fmt:
	gofmt -w cmd internal data

# Rewrites golden files, the expected output of scripts, the shown output of the
# README and the baselines of data/labeled; read the diff before you commit it.
# The README's Python and the notebooks are run where make test-consumers has
# set up .venv.
update: build
	$(GO) test ./cmd/stance -update
	@if [ -d .venv ]; then scripts/test-consumers --update; else echo "the README's Python and the notebooks were not run: there is no .venv"; fi

# Figures on the development sets beside the project, where they are there.
figures: build
	scripts/figures

fuzz:
	@for p in $$($(GO) list ./...); do \
	  for f in $$($(GO) test -list '^Fuzz' $$p | grep '^Fuzz'); do \
	    echo "$$p $$f"; $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) $$p || exit 1; \
	  done; \
	done

bench:
	@mkdir -p out
	$(GO) test -p 1 -timeout 0 -run '^$$' -bench '$(BENCH)' -benchmem -count $(COUNT) ./... | tee out/bench.txt

# Compares with an earlier run: make bench-diff BASE=old.txt
bench-diff:
	@test -n "$(BASE)" || { echo "usage: make bench-diff BASE=old.txt"; exit 64; }
	$(GO) run $(BENCHSTAT) $(BASE) out/bench.txt

# Opens tables, notebooks and the report with the programs that people use; needs
# Python 3 and Node.js 20, and installs the rest.
test-consumers: build
	scripts/test-consumers

# The binary as clusters get it: without C libraries, for every Linux.
static:
	@CGO_ENABLED=0 $(GO) build $(FLAGS) -o bin/stance-static ./cmd/stance

# Runs stance on Spark, with an executor killed in mid-job; needs Python 3 and
# installs Spark into .venv-cluster (1.3 GB). Takes five minutes on two cores, more
# when they are busy, and is no part of ci.
test-cluster: static
	scripts/test-cluster

# Measures the cost of Spark and the memory of a worker on 100 MB of text.
bench-cluster: static
	scripts/test-cluster --bench

ci: lint test test-consumers

clean:
	rm -rf bin out .venv .venv-cluster
