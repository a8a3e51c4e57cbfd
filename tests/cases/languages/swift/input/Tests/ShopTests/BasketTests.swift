public final class BasketTests { public func testIt() { } }
