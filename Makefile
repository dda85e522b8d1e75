.PHONY: test-env test-env-stop
test-env: ; @python3 -m deploy.local test-env
test-env-stop: ; @python3 -m deploy.local test-env-stop
