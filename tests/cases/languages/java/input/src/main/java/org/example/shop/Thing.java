package org.example.shop;

/**
 * One thing.
 *
 * @param name what people call it
 */
public record Thing(String name, @Unit("g") int weight) implements Comparable<Thing> {
    public Thing {
        if (weight < 0) throw new IllegalArgumentException();
    }

    /** The lighter one first. */
    public int compareTo(Thing other) { return weight - other.weight; }
}

/** The unit of a number. */
@interface Unit {
    /** Its symbol. */
    String value() default "kg";
}
