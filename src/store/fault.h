/* Switches for tests, compiled only with -DDOCGEN_FAULTS: at a statement of transitions.def, before it is sent or after
 * it has committed, the child crashes, hangs, or loses the reply. Nothing of it is in a normal build.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_STORE_FAULT_H
#define DOCGEN_STORE_FAULT_H

#ifdef DOCGEN_FAULTS

/** Strikes when the file that $DOCGEN_FAULT_FILE names holds "STATEMENT before|after crash|hang|lose"; once, by whoever
 * removes the file. @return must the caller behave as if the connection were lost? Any thread. */
int docgen_fault(const char *statement, const char *when);

#else
#define docgen_fault(statement, when) 0
#endif

#endif
