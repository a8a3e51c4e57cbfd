#: check-model     the protocol's model: proofs in CI's bounds, and every mutant caught (needs spin)
.PHONY: check-model
check-model:
	tests/model/check
