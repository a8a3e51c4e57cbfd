part of 'lazy.dart';

/// Of the library that it is a part of.
class Lazy {}

/// Hidden where it is exported.
class LazyState {}
