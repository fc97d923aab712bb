# Vitrine. `make help` lists the targets; `make run` and `make test` are the two that matter.

SHELL := /bin/sh
.DEFAULT_GOAL := help
SWIFT ?= swift
# One file without the Swift runtime's libraries: smaller in memory, quicker to call, and it runs where no Swift is.
RELEASE := build -c release --static-swift-stdlib --product vitrine
SERVICES := user product cart order gateway
BIN := .build/release/vitrine
MINUTES ?= 10
ENGINE ?= docker
IMAGE_TAG ?= dev
SWIFT_SOURCES := Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources Fuzz

.PHONY: help run dev test build lint format bench soak clean install-tools \
	$(SERVICES:%=test-%) $(SERVICES:%=run-%) fuzz chaos test-alerts doctor docs dashboards proto screenshots build-images rehearse

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | awk -F'\t' '{ printf "  %-16s %s\n", $$1, $$2 }'
	@echo "  test-<service>   the tests of one service: $(SERVICES)"
	@echo "  run-<service>    one service alone, with the lab's settings: $(SERVICES)"

install-tools: ## install the distribution packages that are missing
	@sh scripts/install-packages.sh build run test bench

build: ## build in release mode
	@sh scripts/install-packages.sh build
	$(SWIFT) $(RELEASE)

run: ## install what is missing, build, start everything
	@sh scripts/install-packages.sh build run
	$(SWIFT) $(RELEASE)
	@exec $(BIN) up

dev: run ## the same as run

# One test after the other: they share two cores with real servers and fsync, and their deadlines are real ones.
test: ## install what the tests need, run every test, a short fuzz run and lint
	@sh scripts/install-packages.sh build test
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build --no-parallel
	@sh scripts/fuzz.sh all 20
	@sh scripts/lint.sh

lint: ## check formatting, the generated API document, and the shell scripts
	@sh scripts/install-packages.sh test
	@sh scripts/lint.sh

format: ## format the Swift sources in place
	$(SWIFT) format --in-place --recursive --parallel $(SWIFT_SOURCES)

docs: ## generate docs/telemetry.md from what is declared
	@sh scripts/install-packages.sh build
	$(SWIFT) build --product vitrine
	@.build/debug/vitrine telemetry > .build/telemetry.md
	@mv .build/telemetry.md docs/telemetry.md

dashboards: ## generate dashboards, rules, runbooks and the configurations below otel/
	@sh scripts/install-packages.sh build
	$(SWIFT) build --product vitrine
	@.build/debug/vitrine dashboards

proto: ## write the Swift of proto/ anew
	@sh scripts/install-packages.sh build test
	@sh scripts/proto.sh

bench: ## measure beside nginx, in the same run
	@sh scripts/install-packages.sh build bench
	@sh scripts/bench.sh

soak: ## hold the shop at half its load for ten minutes, or MINUTES of them, and see what grows
	@sh scripts/install-packages.sh build bench
	@sh scripts/soak.sh $(MINUTES)

fuzz: ## fuzz both codecs of HTTP, JSON and Protobuf for a minute each
	@sh scripts/fuzz.sh all 60

chaos: build ## run every experiment, each in a lab of its own kind; under ten minutes
	@$(BIN) chaos run all --lab

test-alerts: build ## set faults in labs with Prometheus and Alertmanager, and see which alerts fire
	@$(BIN) chaos run all --lab --alerts --matrix docs/alert-matrix.md

screenshots: build ## take pictures of the console's pages into docs/screenshots
	@sh scripts/install-packages.sh run test
	@python3 scripts/screenshots.py $(BIN) docs/screenshots

build-images: ## build the image vitrine:dev; ENGINE and IMAGE_TAG name another engine and tag
	BUILDX_NO_DEFAULT_ATTESTATIONS=1 $(ENGINE) build --tag vitrine:$(IMAGE_TAG) .

rehearse: ## as root: replay the image's build and the compose file without a container engine
	@sh scripts/install-packages.sh build run test rehearse
	@python3 scripts/rehearse_deployment.py

doctor: build ## check what usually goes wrong
	@$(BIN) doctor --lab

$(SERVICES:%=test-%): test-%:
	@sh scripts/install-packages.sh build test
	$(SWIFT) test --no-parallel --filter "^$(shell echo $* | awk '{ print toupper(substr($$0,1,1)) substr($$0,2) }')(Service)?Tests\."

$(SERVICES:%=run-%): run-%: build
	@exec $(BIN) serve $* --lab

clean: ## remove what was built; data in .vitrine stays
	$(SWIFT) package clean
	rm -rf .build Benchmarks/.build
