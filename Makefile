# The same tasks as ./dev, for those who type make.
.PHONY: dossier test slow check manual setup
dossier test slow check manual setup:
	@./dev $@
