package org.example.shop;

/** Has a price. */
@FunctionalInterface
public interface Priced {
    /** Nothing is free. */
    long LEAST = 1;

    /** What it costs, in cents. */
    long price();

    default String shown() { return "" + price(); }

    private int notShown() { return 0; }
}
