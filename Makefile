# The front door. `make help` says what there is.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

JOBS ?= $(shell nproc)
THREADS ?= $(shell nproc)
# What data sets that must be fetched are read from.
DATA ?= $(wildcard datasets/omniglot/raw)
# A trial: so many steps per training and episodes per test; its results go to a folder of their own.
STEPS ?=
EPISODES ?=
TRIAL := $(STEPS)$(EPISODES)
RESULTS ?= $(if $(TRIAL),build/trial-$(or $(STEPS),all)-$(or $(EPISODES),all),results/local)

SOURCES := $(wildcard CMakeLists.txt tools/CMakeLists.txt lib/layers.txt tools/*.cpp lib/*/*.cpp lib/*/*.hpp)
TESTS := $(wildcard tests/CMakeLists.txt tests/*.?pp tests/*/*.?pp)
# Which build makes the programs: build, or build/check after `make check`.
BUILD ?= build
BIN := $(BUILD)/tools
comma := ,

GOALS := all deps check reliability fuzz fuzz-corpus verify record seed-noise tables smoke format help clean distclean asan \
  binaries fetch-omniglot bench bench-attention bench-baselines deps-bench deps-fuzz
# The shell reads the names of experiments: those of other signs are left out, and so are our own goals.
NAME := [A-Za-z0-9_+][A-Za-z0-9_+.-]*
JSON_FILES := LC_ALL=C ls -q experiments 2>/dev/null | grep '[.]json$$'
EXPERIMENTS := $(sort $(filter-out $(GOALS),$(shell $(JSON_FILES) | LC_ALL=C sed -n 's/^\($(NAME)\)[.]json$$/\1/p')))
LEFT_OUT := $(shell $(JSON_FILES) | LC_ALL=C grep -vx '$(NAME)[.]json') \
  $(filter $(GOALS:%=%.json),$(shell $(JSON_FILES)))
$(if $(strip $(LEFT_OUT)),$(warning experiments: left out: $(LEFT_OUT): want names of letters, digits, _ - + and ., other than those of goals))
$(foreach word,RESULTS BUILD,$(if $(word 2,[$($(word))]),$(error $(word): want a folder without spaces, have '$($(word))')))
# For a shell, whatever the folder is called; and for a make that a shell starts.
QUOTED_DATA = '$(subst ','\'',$(DATA))'
DATA_FOR_MAKE = $(subst $$,$$$$,$(QUOTED_DATA))

.PHONY: $(GOALS) $(EXPERIMENTS)
# They are not heeded, and each program would say so.
unexport OPENBLAS_CORETYPE ONEDNN_MAX_CPU_ISA DNNL_MAX_CPU_ISA

DEFAULT := glyphs langid-glance bandits-glance numbers-glance

all: $(DEFAULT)  ## build, run the default experiments (images, text, bandits, translation; no download), print their tables and compare them with the committed ones
	@$(if $(findstring n,$(FLAGS))$(findstring q,$(FLAGS)),,echo; \
	  echo 'Rows in $(RESULTS) beside the committed ones:'; tests/verify.sh results $(RESULTS) $(DEFAULT) || true)

# ---- packages

PACKAGES := g++ cmake pkg-config libboost1.81-dev libboost-program-options1.81-dev \
  libboost-filesystem1.81-dev libboost-json1.81-dev libxtensor-dev libxtensor-blas-dev \
  libopenblas-dev libhdf5-dev doctest-dev libdnnl-dev librandom123-dev libarchive-dev libpng-dev \
  libjpeg62-turbo-dev libfreetype-dev libssl-dev zlib1g-dev libicu-dev iso-codes \
  python3-h5py datamash curl ca-certificates
# strace makes system calls fail in the tests of reliability.
TEST_PACKAGES := strace
FUZZ_PACKAGES := clang-14 libfuzzer-14-dev libclang-rt-14-dev libomp-14-dev
FONTS := datasets/glyphs/packages.txt

deps:  ## install the Debian packages that are needed (sudo when not root); `make deps all` is fine
	@root=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	fonts=$$(sed -e 's/#.*//' $(FONTS)); \
	$$root apt-get update; \
	$$root env DEBIAN_FRONTEND=noninteractive \
	  apt-get install -y --no-install-recommends $(PACKAGES) $(TEST_PACKAGES) $$fonts

deps-fuzz:  ## install what make fuzz is built with: clang and its libFuzzer
	@root=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	$$root env DEBIAN_FRONTEND=noninteractive \
	  apt-get install -y --no-install-recommends $(FUZZ_PACKAGES)

deps-bench:  ## install what make bench compares with: Debian's PyTorch
	@root=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	$$root env DEBIAN_FRONTEND=noninteractive \
	  apt-get install -y --no-install-recommends python3-torch python3-h5py

# What a build needs, as header:package, program:package and pkg-config module:package.
HEADERS := boost/json.hpp:libboost-json1.81-dev boost/filesystem.hpp:libboost-filesystem1.81-dev \
  boost/program_options.hpp:libboost-program-options1.81-dev \
  boost/math/distributions/students_t.hpp:libboost1.81-dev xtensor/xarray.hpp:libxtensor-dev \
  xtensor-blas/xlinalg.hpp:libxtensor-blas-dev cblas.h:libopenblas-dev \
  doctest/doctest.h:doctest-dev dnnl.hpp:libdnnl-dev Random123/philox.h:librandom123-dev \
  archive.h:libarchive-dev png.h:libpng-dev jpeglib.h:libjpeg62-turbo-dev \
  openssl/evp.h:libssl-dev zlib.h:zlib1g-dev
PROGRAMS := g++:g++ cmake:cmake pkg-config:pkg-config
MODULES := hdf5:libhdf5-dev freetype2:libfreetype-dev icu-uc:libicu-dev icu-i18n:libicu-dev iso-codes:iso-codes

define FIND_MISSING
missing=$$( \
  for pair in $(PROGRAMS); do command -v "$${pair%%:*}" >/dev/null || echo "$${pair#*:}"; done; \
  for pair in $(MODULES); do \
    pkg-config --exists "$${pair%%:*}" 2>/dev/null || echo "$${pair#*:}"; done; \
  for pair in $(HEADERS); do \
    printf '#if !__has_include(<%s>)\n%s\n#endif\n' "$${pair%%:*}" "$${pair#*:}"; done | \
    g++ -E -P -x c++ - 2>/dev/null || true); \
if [ -n "$$missing" ]; then \
  echo "make: error: missing packages:" $$missing "- install them with: make deps" >&2; exit 2; fi
endef

# ---- building. Stamps depend on the sources, so that nothing runs when nothing changed.

AFTER_DEPS := $(filter deps deps-bench,$(MAKECMDGOALS))
GENERATOR = $$(command -v ninja >/dev/null && echo Ninja || echo 'Unix Makefiles')
# cmake's own make must not meet ours.
CMAKE := env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS cmake

# $(call CONFIGURE,folder,options)
define CONFIGURE
$(CMAKE) -S . -B $1 -G "$(GENERATOR)" $2 > $1/configure.log 2>&1 || { cat $1/configure.log >&2; \
  echo "make: error: cmake can't configure $1; make deps installs all that it needs" >&2; exit 2; }
endef

build/configured: CMakeLists.txt tools/CMakeLists.txt | $(AFTER_DEPS)
	@mkdir -p build
	@$(FIND_MISSING)
	@$(call CONFIGURE,build,-DATTUNE_TESTS=OFF)
	@touch $@

build/built: build/configured $(SOURCES)
	@$(CMAKE) --build build --parallel $(JOBS)
	@touch $@

binaries: build/built  ## build the programs only, into build/tools

build/check/configured: CMakeLists.txt tools/CMakeLists.txt tests/CMakeLists.txt | $(AFTER_DEPS)
	@mkdir -p build/check
	@$(FIND_MISSING)
	@$(call CONFIGURE,build/check,-DATTUNE_TESTS=ON)
	@touch $@

build/check/built: build/check/configured $(SOURCES) $(TESTS)
	@$(CMAKE) --build build/check --parallel $(JOBS)
	@touch $@

check: build/check/built  ## build and pass all tests; the last line counts them
	@tests/run.sh build/check

reliability: $(BUILD)/built  ## kills, faults, damage, mutants: all of it, more than an hour
	@mkdir -p build/record
	@BIN=$(BIN) RECORD=$(CURDIR)/build/record/checks.tsv tests/reliability/run.sh long
	@$(RELIABILITY_TABLE)

# Once both have been run in full: make reliability fuzz SECONDS=1200.
RELIABILITY_TABLE = BIN=$(BIN) tests/reliability/table.sh build/record results/tables/reliability.md

# One program per parser, of clang's libFuzzer with both sanitizers; longer by SECONDS=1200: then each
# stops at RUNS executions.
SECONDS ?= 60
RUNS ?= 10000000
FUZZERS := $(patsubst tests/fuzz/%.cpp,build/fuzz/%,$(filter-out %_test.cpp,$(wildcard tests/fuzz/*.cpp)))
# Whole layers, and of those below models and checkpoints what these need.
FUZZED := $(filter-out lib/base/commit.cpp,$(wildcard $(patsubst %,lib/%/*.cpp,base store text episode translation \
  dataset metric statistics draw table experiment report))) \
  $(patsubst %,lib/array/%.cpp,adam array bits blas_memory elementwise functions last_axis multiply_adds parallel product rearrange reduce shape storage team) \
  $(patsubst %,lib/autograd/%.cpp,elementwise rearrange reduce var) \
  $(patsubst %,lib/nn/%.cpp,optimiser_adam optimiser_state params) lib/train/model.cpp lib/train/state.cpp
FUZZ_CXX := $(firstword $(shell command -v ccache)) clang++-14
FUZZ_FLAGS = -std=c++20 -O1 -gline-tables-only -fno-omit-frame-pointer -fsanitize=address,undefined \
  -fno-sanitize-recover=all -Ilib -Itests -DATTUNE_VERSION='"fuzz"' \
  $(shell pkg-config --cflags hdf5 freetype2 icu-uc icu-i18n)
FUZZ_LIBS = $(shell pkg-config --libs hdf5 freetype2 icu-uc icu-i18n) -lboost_program_options -lboost_filesystem \
  -lboost_json -lcrypto -lz -larchive -lpng -ljpeg -lopenblas -ldnnl -lgomp

build/fuzz/%.o: %.cpp $(wildcard lib/*/*.hpp tests/fuzz/*.hpp)
	@mkdir -p $(@D)
	@command -v clang++-14 > /dev/null || { echo \
	  'make: error: no clang++-14 - install it with: make deps-fuzz' >&2; exit 2; }
	@$(FUZZ_CXX) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link -c $< -o $@.part && mv $@.part $@

$(FUZZERS): build/fuzz/%: build/fuzz/tests/fuzz/%.o $(FUZZED:%.cpp=build/fuzz/%.o)
	@clang++-14 $(FUZZ_FLAGS) -fsanitize=fuzzer $^ $(FUZZ_LIBS) -o $@.part && mv $@.part $@

fuzz: $(FUZZERS) $(BUILD)/built  ## random input for every parser, SECONDS=60 each; the last line counts
	@mkdir -p build/record
	@BIN=$(BIN) JOBS=$(JOBS) RUNS=$(RUNS) RECORD=$(CURDIR)/build/record/fuzz.tsv tests/fuzz/run.sh build/fuzz $(SECONDS)
	@$(RELIABILITY_TABLE)

fuzz-corpus: $(FUZZERS) $(BUILD)/built  ## minimise what make fuzz has found into the committed corpus
	@BIN=$(BIN) tests/fuzz/run.sh build/fuzz pack

asan: | $(AFTER_DEPS)  ## the tests once more under AddressSanitizer and UBSan
	@mkdir -p build/asan
	@$(call CONFIGURE,build/asan,-DATTUNE_SANITIZE=address$(comma)undefined)
	@$(CMAKE) --build build/asan --parallel $(JOBS)
	@tests/run.sh build/asan

# ---- experiments: rules written by attune-plan, run by a make of their own

PLANS := $(RESULTS)/runs/plans

# What an older version left half written is made again; a plan's last line says that it is whole.
WHOLE := [\#] end of plan
DAMAGED := $(filter $(EXPERIMENTS:%=$(PLANS)/%.mk),$(shell grep -sLx '$(WHOLE)' $(PLANS)/*.mk))
.PHONY: damaged
$(if $(DAMAGED),$(eval $(DAMAGED): damaged))

$(PLANS)/%.mk: experiments/%.json $(EXPERIMENTS:%=experiments/%.json) $(BUILD)/built
	@mkdir -p $(@D)
	@$(BIN)/attune-plan --results $(RESULTS) $(if $(STEPS),--steps '$(STEPS)') \
	  $(if $(EPISODES),--episodes '$(EPISODES)') -o $@ $<

# One recursive line, so that `make -n` and `make -q` look into the plan where there is one.
$(EXPERIMENTS): %: $(PLANS)/%.mk
	@if grep -sqx '$(WHOLE)' $<; then $(MAKE) --no-print-directory -f $< table \
	  BIN='$(BIN)' THREADS='$(THREADS)' DATA=$(DATA_FOR_MAKE) $(PRINT_TABLE); \
	else echo '# then: the rules of $<, which attune-plan writes'; fi

FLAGS = $(filter-out --%,$(firstword -$(MAKEFLAGS)))
PRINT_TABLE = $(if $(findstring n,$(FLAGS))$(findstring q,$(FLAGS)),,&& cat $(RESULTS)/tables/$@.md)

fetch-omniglot:  ## download Omniglot from its public home into datasets/omniglot/raw, verified
	@datasets/omniglot/fetch.sh

# From the committed per-episode rows: no model, no data set.
TABLED = $(filter $(notdir $(patsubst %/,%,$(dir $(wildcard results/rows/*/*.tsv.gz)))),$(EXPERIMENTS))

tables: $(BUILD)/built  ## remake all tables in results/tables from the committed rows and side files
	@printf '%s\n' $(TABLED) | xargs -P $(JOBS) -I{} bash -e -o pipefail -c \
	  '$(BIN)/attune-plan --tables "experiments/$$1.json" | \
	    env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL $(MAKE) -s -B -f - table BIN=$(BIN); \
	  echo "results/tables/$$1.md"' tables {}

# Into a folder of their own, from nothing; a run that was interrupted goes on.
VERIFY ?= glyphs
VERIFIED := build/verify

verify: $(BUILD)/built  ## remake committed rows from nothing and compare: VERIFY=glyphs, or omniglot with DATA=
	@if [ ! $(VERIFIED)/started -nt $(BUILD)/built ]; then rm -rf $(VERIFIED); fi
	@mkdir -p $(VERIFIED) && touch -a $(VERIFIED)/started
	@for name in $(VERIFY); do $(MAKE) --no-print-directory RESULTS=$(VERIFIED) STEPS= EPISODES= $$name; done
	@rm $(VERIFIED)/started
	@tests/verify.sh results $(VERIFIED)

# For maintainers. What was run before goes on where it ended; `rm -r results/runs` begins anew.
RECORD ?= $(DEFAULT)

record: $(BUILD)/built  ## remake committed rows and tables: RECORD="glyphs …", by default those of the default experiments
	@for name in $(RECORD); do $(MAKE) --no-print-directory RESULTS=results STEPS= EPISODES= $$name || exit 1; done

# How far trainings that differ in their seed alone lie apart, of experiments with one seed.
NOISE_SEEDS ?= 1, 2, 3, 4
NOISE := build/noise
NOISED ?= $(DEFAULT)

seed-noise: $(BUILD)/built  ## measure the spread over seeds of the default experiments: results/seed-noise.tsv
	@rm -rf $(NOISE)/experiments && mkdir -p $(NOISE)/experiments && cp experiments/*.json $(NOISE)/experiments
	@for name in $(NOISED); do \
	  echo "{\"like\": \"$$name\", \"title\": \"seeds\", \"seeds\": [$(NOISE_SEEDS)]}" > $(NOISE)/experiments/$$name-seeds.json; \
	  $(BIN)/attune-plan --results $(NOISE) -o $(NOISE)/$$name.mk $(NOISE)/experiments/$$name-seeds.json || exit 1; \
	  $(MAKE) --no-print-directory -f $(NOISE)/$$name.mk table BIN='$(BIN)' THREADS='$(THREADS)' DATA=$(DATA_FOR_MAKE) || exit 1; \
	done
	@{ printf 'experiment\tcell\ttest\tseeds\tmean\tdeviation\n'; for name in $(NOISED); do \
	  SPREAD=$$name-seeds tests/verify.sh results $(NOISE) | sed "s/^/$$name\t/"; done; } > results/seed-noise.tsv.part
	@mv results/seed-noise.tsv.part results/seed-noise.tsv && cat results/seed-noise.tsv

# Experiments whose data isn't here are named, not run.
smoke: $(BUILD)/built  ## a run of two steps and two episodes of every experiment
	@for name in $(EXPERIMENTS); do \
	  if [ -z $(QUOTED_DATA) ] && grep -q 'DATA' experiments/$$name.json; then \
	    echo "smoke: $$name left out: needs DATA=<folder>"; continue; fi; \
	  $(MAKE) --no-print-directory $$name STEPS=2 EPISODES=2; \
	done

# Debian's Python, whatever comes first in the path. A run of a part leaves results/ alone.
BENCH_PYTHON ?= /usr/bin/python3
BENCH_ROUNDS ?= 5
BENCH_FLAGS ?=
BENCH_PART = $(filter --quick --only --threads --bits,$(BENCH_FLAGS))
BENCH_TABLE = $(if $(BENCH_PART),build/bench/part.md,results/tables/bench.md)

bench: $(BUILD)/built | $(AFTER_DEPS)  ## time against PyTorch on an idle machine, an hour, goes on where it ended: results/tables/bench.md
	@$(BENCH_PYTHON) -c 'import torch, h5py' 2>/dev/null || { \
	  echo "make: error: no PyTorch to compare with - install it with: make deps-bench" >&2; exit 2; }
	@$(CMAKE) --build $(BUILD) --parallel $(JOBS) --target attune-bench
	@$(BENCH_PYTHON) -B tests/bench/run.py $(BUILD)/tests/bench/attune-bench build/bench \
	  $(BENCH_TABLE) --rounds $(BENCH_ROUNDS) $(BENCH_FLAGS)

bench-baselines: $(BUILD)/built  ## simulation and all floors of bandits-100-pulls on 20,000 tasks: at most LIMIT=30 seconds
	@BIN=$(BIN) THREADS=$(THREADS) LIMIT=$(or $(LIMIT),30) tests/bench/baselines.sh experiments/bandits-100-pulls.json

ATTENTION_PART = $(filter --quick --only --threads --sizes --seconds --mib,$(BENCH_FLAGS))
ATTENTION_TABLE = $(if $(ATTENTION_PART),build/bench/part,results/tables)/bench-attention.md

bench-attention: $(BUILD)/built | $(AFTER_DEPS)  ## cost of every attention kind by length, 20 minutes to an hour, goes on where it ended: results/tables/bench-attention.md
	@$(BENCH_PYTHON) -c 'import torch, numpy' 2>/dev/null || { \
	  echo "make: error: no PyTorch to compare with - install it with: make deps-bench" >&2; exit 2; }
	@$(CMAKE) --build $(BUILD) --parallel $(JOBS) --target attune-bench-attention
	@$(BENCH_PYTHON) -B tests/bench/attention.py $(BUILD)/tests/bench/attune-bench-attention \
	  $(ATTENTION_TABLE) --ledger build/bench/attention.jsonl --rounds $(BENCH_ROUNDS) $(BENCH_FLAGS)

# ---- the rest

format:  ## clang-format all sources
	@clang-format -i lib/*/*.[ch]pp tools/*.cpp tests/*.cpp tests/*/*.[ch]pp

clean:  ## remove what was built
	@rm -rf build

distclean: clean  ## remove builds, models, pools and results/local too; committed results stay
	@rm -rf build-* results/runs results/local

help:  ## this list
	@sed -n 's/^\([a-z][a-z-]*\):.*##  *\(.*\)/\1\t\2/p' Makefile | sort | \
	  while IFS=$$'\t' read -r target text; do printf '  %-30s %s\n' "$$target" "$$text"; done
	@echo; echo 'Experiments (add a JSON file to experiments/ and it is one more):'
	@for name in $(EXPERIMENTS); do \
	  printf '  %-30s %s\n' "$$name" "$$(LC_ALL=C sed -n \
	    's/[[:cntrl:]]//g; s/\xc2[\x80-\x9f]//g; s/^ *"title": *"\(.*\)",* *$$/\1/p' \
	    experiments/$$name.json)"; done
	@echo; echo 'Variables: DATA=<folder> of a data set; THREADS, JOBS (default: all cores);'
	@echo '  STEPS and EPISODES shorten a run, whose results then go to build/trial-…;'
	@echo '  BENCH_ROUNDS (default: 5) and BENCH_FLAGS=--quick for make bench and bench-attention.'
