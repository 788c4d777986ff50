# Each verb is one script in tools/. `make run ARGS="--listen 0.0.0.0:8080"` passes arguments on.
.PHONY: help run test check fuzz size faults load soak measure clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile

run: ## install what is missing, build, start, print the URL
	@tools/run $(ARGS)

test: ## everything from formatting to the browser
	@tools/test

check: ## the fast part: format, lints, edges between crates, pure tests
	@tools/check

fuzz: ## throw bytes at every reader of what comes from outside (ARGS="600 geojson": seconds each, and which)
	@tools/fuzz $(ARGS)

size: ## the weight of a real first load
	@tools/size

faults: ## the tests of faults, long, and a load while everything is killed or frozen in turn (half an hour)
	@tools/faults $(ARGS)

load: ## a load on a product of its own, compared afterwards; prints what came of it
	@tools/load load --writers 64 --seconds 60 --sockets 200 $(ARGS)

soak: ## the same for long, minute after minute: make soak ARGS="--minutes 120"
	@tools/load soak --writers 32 --rate 100 --sockets 200 $(ARGS)

measure: ## the figures of docs/performance.md, written anew
	@tools/measure $(ARGS)

clean: ## remove what was built; installed tools and data stay
	@tools/clean
