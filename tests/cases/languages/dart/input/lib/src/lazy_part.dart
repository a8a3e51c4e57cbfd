part of 'lazy.dart';

/// Of the library that it is a part of.
class Lazy {}

/// Hidden where it is exported.
class LazyState {}

/// With a name that code generators like.
abstract class $Lazy {
  int get $late;
  final int $value = 1;
}
