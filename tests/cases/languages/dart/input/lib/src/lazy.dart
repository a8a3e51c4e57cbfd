import 'basket.dart';
part 'lazy_part.dart';

/// What is there later.
extension LazyHelp on Iterable<Basket> {
  /// One by one.
  Iterable<Priced> get each sync* {
    yield* const [];
  }
  Future<int> count() async => 1;
  Stream<int> get counts async* {}
}
extension on String {
  int get ours => 1;
}
