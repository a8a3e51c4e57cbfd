/* Adds⁠ one entry󠁁. */
int ledger_add(int amount);
