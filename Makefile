# Each verb is one script in tools/. `make run ARGS="--listen 0.0.0.0:8080"` passes arguments on.
.PHONY: help run test check fuzz size clean

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

clean: ## remove what was built; installed tools and data stay
	@tools/clean
