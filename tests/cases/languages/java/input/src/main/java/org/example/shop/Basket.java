/*
 * Copyright 2024 Ada Lovelace. Licensed under the MIT licence.
 */
package org.example.shop;

import java.util.List;
import org.example.shop.internal.Ledger;

/**
 * A basket of <b>things</b>, see {@link Priced#price()} and {@linkplain java.util.List lists}.
 *
 * <p>Fill it like this:
 *
 * <pre>{@code
 * Basket<Thing> basket = new Basket<>();
 * basket.put(thing, 2); // two of them
 * }</pre>
 *
 * <ul>
 *   <li>ordered,
 *   <li>never {@code null}; a &lt;T&gt; fits
 * </ul>
 *
 * @param <T> what is in it
 * @author Ada
 * @since 1.2
 * @see <a href="https://example.org/baskets">about baskets</a>
 */
public final class Basket<T extends Comparable<T> & Priced> extends Shelf<T>
        implements Priced, Iterable<T> {
    /** Most things in a basket. */
    public static final int MAX = 1 << 4, MIN = 1;

    /** The name of the format. */
    public static final String FORMAT = "basket";

    private static final String TEXT = """
        public void notAMethod() { " /* not a comment
        """;
    private final char quote = '"';
    int packagePrivate;

    static {
        System.out.println("public int notAField;");
    }

    /** Makes an empty basket. */
    public Basket() {
        super(new Object() {
            public void hidden() {}
        });
    }

    /**
     * Puts a thing into it.
     *
     * @param thing what
     * @param count how many,
     *              at least one
     * @return whether there was room
     * @throws IllegalArgumentException when {@code count} is not positive
     */
    public @Nullable boolean put(T thing, final int count) throws IllegalArgumentException {
        return count < MAX && count > 0;
    }

    /**
     * Puts one thing into it.
     *
     * @deprecated use {@link #put(Object, int)}
     */
    @Deprecated
    public boolean put(T thing) {
        return put(thing, 1);
    }

    @Override
    public long price() {
        return 0;
    }

    /** {@inheritDoc} */
    @Override
    public <R extends List<? super T>> R all(Class<? extends R> kind, T... more) {
        return null;
    }

    protected int[] sizes()[] { return null; }

    void helper() {}

    private static <X> X secret(X x) { return x; }

    /** How it is paid. */
    public enum Payment implements Priced {
        /** With coins. */
        CASH(1) {
            @Override
            public long price() { return 1; }
        },
        CARD(2), /** On account. */
        ACCOUNT(3);

        Payment(int code) {}

        /** Its price. */
        @Override
        public long price() { return 0; }
    }

    /** Builds a basket. */
    public static class Builder {
        /** Does it. */
        public Basket<?> build() { return null; }
    }
}
