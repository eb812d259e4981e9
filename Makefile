# Everything a developer runs. The work is done in local/webapp (Bash, checks the machine) and webapp.local.Cli (Java).
.PHONY: help up down status logs build test fuzz lint docs benchmark clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

up: ## Start the whole stack on this machine, or apply what changed
	@local/webapp up

down: ## Stop the stack and throw its state away
	@local/webapp down

status: ## Show each part of the stack and the site's address
	@local/webapp status

logs: ## Show the logs; NAME=users for those whose name contains it
	@local/webapp logs $(if $(filter command,$(origin NAME)),'$(NAME)')

build: ## Build the function jars and their manifest into dist/
	@local/webapp build

test: ## Run every test: Terraform, Java, local AWS, and the stack in a browser
	@local/webapp test

fuzz: ## Send the stack requests made from the contract, many more than make test; FUZZ_EXAMPLES=200 for each operation, FUZZ_SEED repeats a run
	@local/webapp fuzz

lint: ## Check the Terraform: format, tflint, checkov; needs Go the first time
	@local/webapp lint

docs: ## Write the generated tables of the READMEs anew
	@local/webapp docs

benchmark: ## Measure cold starts, warm calls, restores and ticks against Python, plain JDBC and Spring Boot, and hold them to their limits
	@local/webapp benchmark

clean: down ## Stop the stack and delete everything that was built or downloaded
	@rm -rf .local dist target lambdas/*/target local/target tests/target benchmarks/target benchmarks/spring/target
