check: gates
	pytest
gates:
	ruff format --check .
	ruff check .
	lint-imports
	mypy
	TELEMED_HTTPS=true TELEMED_SECRET_KEY_FILE=tests/secret_key TELEMED_FIELD_KEY_FILE=tests/secret_key python manage.py check --deploy --fail-level WARNING
	python manage.py makemigrations --check --dry-run
messages:
	python manage.py makemessages --locale zh_Hans --no-obsolete --no-wrap --add-location file
	pybabel -q compile -d telemed/locale -D django
.PHONY: check gates messages
