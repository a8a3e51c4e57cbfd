package org.example.shop.internal;

/** Keeps the books. */
public class Ledger {
    /** Writes a line. */
    public void write(String line) {}
}
