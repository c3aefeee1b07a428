# SPDX-License-Identifier: BSD-3-Clause
# Copyright: The Tessera Authors

# make traces: record Debian's Lua, SQLite and Redis on Linux anew and pack what apps/heapbench replays.

FREE_GOALS += traces
HELP_FRAGMENTS += TRACES_HELP

define TRACES_HELP
Traces         make traces: record Debian's lua5.4, sqlite3 and redis-server anew into apps/heapbench/traces
endef
export TRACES_HELP

.PHONY: traces
traces:
	@support/traces/record.sh apps/heapbench/traces
