/// Everything to shop.
library shop;

import 'dart:async';

export 'src/basket.dart' show Basket, Payment, Things, ThingHelp;
export 'package:shop/src/other.dart';
export 'src/lazy.dart' hide LazyState;

/// The version.
const String version = '1.2';

/// Opens it.
Future<void> open(String name, {int size = 4, required void Function(int) then}) async {
  var notAName = "${'}'}";
}
