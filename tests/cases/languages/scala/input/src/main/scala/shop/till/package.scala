package shop
package object till extends Helpers {
  type Money = Long

  /** What is in it. */
  implicit class Counted(val till: Till) {
    def count: Int = 1
  }
  val (first, Some(second: Int)) = (1, Some(2))
}
