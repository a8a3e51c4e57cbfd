/* This file holds the table.
 * It was automatically generated from table.txt. */
/** An entry. */
int table_entry(int at);
