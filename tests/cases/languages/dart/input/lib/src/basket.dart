/// A basket, see [put] and [Priced.price].
///
/// ```dart
/// var basket = Basket(4);
/// ```
class Basket<T extends Priced> extends Shelf with Counts implements Priced {
  /// How many fit in.
  final int size;
  static const int max = 16;
  String? name, other;
  final _hidden = r'}"';

  /// Makes one.
  const Basket(this.size, {this.name}) : other = null, super(1);
  Basket.empty() : this(0);
  factory Basket.from(List<T> things) => Basket(1);

  /// The first thing.
  T? get first => null;
  set first(T? value) {}

  /// Puts a [thing] into it.
  bool put(T thing, [int? at]) {
    void notAMethod() {}
    return true;
  }

  @Deprecated('Use put instead')
  void add(T thing) => put(thing);

  Basket<T> operator +(T thing) => this;
  void _private() {}
  @override
  int price() => 0;
  void Function(int) get callback => (x) {};
}

/// How it is paid.
enum Payment implements Priced {
  /// With coins.
  cash(1),
  card(2);

  const Payment(this.code);
  final int code;
  int price() => code;
}

/// Many things.
typedef Things = List<int>;

/// Helps.
extension ThingHelp on String {
  /// Is it long?
  bool get isLong => length > 10;
}

/// Not exported.
class Secret {}

mixin Counts { int count = 0; }
abstract interface class Priced { int price(); }
class Shelf { Shelf(int room); }
class _Private {}
