@file:JvmName("Baskets")

package org.example.shop

import kotlin.collections.*

/**
 * A basket of things, see [Priced.price] and [the guide](https://example.org).
 *
 * ```
 * val basket = Basket<Thing>(4)
 * ```
 *
 * @param T what is in it
 * @property size how many fit in
 * @constructor Makes an empty one.
 */
public class Basket<T : Priced>
@JvmOverloads
internal constructor(
    public val size: Int = 4,
    private val secret: String = "}\"${if (size > 1) "{" else "}"}",
    plain: Boolean = true,
) : Shelf<T>(size), Priced by Free, Iterable<T> where T : Comparable<T> {
    /** The first thing. */
    val first: T?
        get() = null

    var count: Int = 0
        private set

    protected val names: Map<String, List<Int>> by lazy { mapOf() }

    init {
        fun notAMember() {}
    }

    constructor(text: String) : this(text.length)

    /**
     * Puts a [thing] into it.
     *
     * @param[thing] what
     * @return whether there was room
     * @throws IllegalStateException when it is closed
     */
    suspend fun <R> put(thing: T, block: suspend (R) -> Unit = { }): Boolean =
        thing.price() > 0 &&
            size > 1

    /** Puts all of them. */
    fun put(vararg things: T) {
        for (thing in things) { }
    }

    @Deprecated("Use put instead", ReplaceWith("put(thing)"))
    fun add(thing: T) = put(thing)

    override fun price() = 0L

    internal fun helper() {}
    private fun hidden() = object : Any() { fun inner() {} }

    /** Makes baskets. */
    companion object {
        /** The most things. */
        const val MAX: Int = 16

        /** An empty basket. */
        @JvmStatic
        fun empty(): Basket<*> = TODO()

        private fun no() {}
    }

    /** How it is paid. */
    enum class Payment(val code: Int) : Priced {
        /** With coins. */
        CASH(1) {
            override fun price() = 1L
        },
        CARD(2);

        /** Its price. */
        override fun price() = 0L
    }
}

/** Has a price. */
fun interface Priced {
    /** In cents. */
    fun price(): Long
}

object Free : Priced {
    override fun price() = 0L
}

abstract class Shelf<T>(open val room: Int)

/** Is it cheap? */
fun <T : Priced> List<T>?.isCheap(limit: Long = 10): Boolean {
    return true
}

/** The length of its `name`. */
val Thing.length: Int get() = name.length

/** One thing. */
data class Thing(val name: String, @Suppress("x") var weight: Int)

/** Many things. */
typealias Things =
    List<Thing>

sealed interface Result { data object None : Result }

/** Only here. */
internal fun internalHelper() {}

/** @suppress */
fun suppressed() {}

/** The platform's name. */
expect fun platform(): String
