package org.example.shop

import scala.collection.mutable.{Map => M}

/**
 * A basket of '''things''', see [[Priced.price]] and [[https://example.org the guide]].
 *
 * {{{
 * val basket = new Basket[Thing](4)
 * }}}
 *
 * @tparam T what is in it
 */
class Basket[T <: Priced](val size: Int = 4, secret: String = "}") extends Shelf[T](size) with Priced {
  /** The first thing. */
  val first: Option[T] = None

  private val hidden = s"${if (true) "{" else "}"}"
  var count = 0
  val brace = '{'
  val sym = 'name

  /**
   * Puts a thing into it.
   *
   * @param thing what
   * @param more further ones
   * @return whether there was room
   * @throws IllegalStateException when it is closed
   */
  def put(thing: T)(implicit more: Ordering[T]): Boolean = {
    def notAMember = 1
    val alsoNot = 2
    thing.price > 0
  }

  def isEmpty: Boolean =
    val local = 3
    local > 2

  @deprecated("use put", "1.2")
  def add(thing: T): Unit = put(thing)(null)

  def +(thing: T): Basket[T] = this
  override def price: Long = 0
  protected def hook(): Unit = ()
  private[shop] def helper(): Unit = ()

  /** How it is paid. */
  type Payment = Int
}

object Basket {
  /** An empty one. */
  def empty[T <: Priced]: Basket[T] = new Basket[T]()
}

/** Has a price. */
trait Priced {
  /** In cents. */
  def price: Long
}

abstract class Shelf[T](room: Int)

/** One thing. */
final case class Thing(name: String, weight: Int = 1)

/** Which side. */
enum Side:
  case Left, Right
  /** The other one. */
  case Other(name: String)

/** Written without braces. */
object Indented:
  /** Says it. */
  def say(text: String): Unit =
    val notAMember = text
    println(notAMember)

  val answer = 42

def topLevel(x: Int): Int = x
