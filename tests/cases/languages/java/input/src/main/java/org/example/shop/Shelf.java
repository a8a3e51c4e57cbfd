package org.example.shop;

/** Holds things. */
public abstract class Shelf<T> {
    protected Shelf(Object o) {}

    /** Everything on the shelf, in order. */
    public abstract <R> R all(Class<? extends R> kind, T... more);
}
