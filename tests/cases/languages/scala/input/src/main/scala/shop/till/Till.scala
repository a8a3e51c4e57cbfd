package shop
package till

import scala.quoted.*

/** Where it is paid. */
abstract class Till[+A] private[shop] (val name: String) {
  def this() = this("a")

  /** One after the other. */
  def ~[B](that: Till[B]): Till[(A, B)]
  def <*[B](that: Till[B]): Till[A]
  def unary_! : Till[A]
  def value_=(x: Int): Unit = ()
  protected[this] final def make(x: Int): Till[Int]
  private[till] def ours: Int
}

object Macros {
  def quotedImpl(s: Expr[String])(using Quotes): Expr[Any] = {
    s match {
      case _ => '{ new Till($s) }
    }
    val symbol = 'name
    val open = '('; val escaped = '\''
  }
  inline def quoted(inline s: String): Any = ${ quotedImpl('s) }
}

extension (till: Till[Int]) {
  def sum: Int = 1
}
extension [A](till: Till[A]) def open(): Unit = ()
