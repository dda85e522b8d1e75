# Everything lives in deploy/local/; these are only its names.
.DEFAULT_GOAL := help
.PHONY: help run test stop reset bench test-env test-env-stop
start := @exec sh deploy/local/bootstrap.sh

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

run: ## set up what is missing and open the twin with its demo community; Ctrl-C stops everything
	$(start) run

test: ## set up what is missing and run every check
	$(start) test

stop: ## stop the twin that runs in another terminal
	$(start) stop

reset: ## delete the demo database and uploads, after asking (YES=1: without)
	$(start) reset

bench: ## measure; takes long
	$(start) bench

test-env: ## set up what is missing and start the test servers in the background, to run pytest by hand
	$(start) test-env

test-env-stop: ## stop them
	$(start) test-env-stop
