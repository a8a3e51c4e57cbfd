#: check-sql     the state machine in SQL on a private PostgreSQL (under a minute)
.PHONY: check-sql
check-sql:
	tests/sql/run
