//
//  Basket.swift
//  Copyright (c) 2024 Ada Lovelace
//
import Foundation

/// A basket of things, see ``Priced/price()``.
///
/// ```swift
/// let basket = Basket<Thing>(size: 4)
/// ```
///
/// - Note: Not safe for threads.
@MainActor
public final class Basket<Element: Priced>: Shelf, Priced, @unchecked Sendable
where Element: Comparable {
    /// How many fit in.
    public private(set) var size: Int = 4

    public let first, last: Element?
    let notOffered = "}\(true ? "{" : "}")"
    static let raw = #"a " b \( "#, text = """
        public func notAFunction() { "
        """

    /// The next thing.
    public var next: Element? {
        willSet { }
        didSet { print("x") }
    }

    /// Makes one.
    ///
    /// - Parameters:
    ///   - size: how many fit in,
    ///     at least one
    ///   - name: what it is called
    /// - Throws: `ShopError` when it is too large
    public init?<S: Sequence>(size: Int, name: S) throws where S.Element == Character { return nil }

    deinit { }

    /// Puts a thing into it.
    ///
    /// - Parameter thing: what
    /// - Returns: whether there was room
    @discardableResult
    public func put(_ thing: Element, at index: Int = 0) async throws
        -> Bool
    {
        return thing.price() > 0
            && size > 1
    }

    /// By its place.
    public subscript(index: Int) -> Element? { nil }

    @available(*, deprecated, message: "Use put instead")
    public func add(_ thing: Element) { }

    public static func == (a: Basket, b: Basket) -> Bool { true }

    public class func make() -> Basket { fatalError() }

    func helper() { }

    @_spi(Private) public func spi() { }

    #if os(Linux)
    /// Only there.
    public func linux() { }
    #else
    public func mac() { }
    #endif

    /// How it is paid.
    public enum Payment: String {
        /// With coins.
        case cash, card = "c"
        /// On account.
        indirect case account(name: String, of: [Payment])

        /// Its price.
        public var price: Int {
            switch self {
            case .cash: return 1
            default: return 0
            }
        }
    }
}

/// Has a price.
public protocol Priced {
    /// What it is priced in.
    associatedtype Money = Int
    /// Is it cheap?
    var isCheap: Bool { get }
    var name: String { get set }
    /// In cents.
    func price() -> Int
}

public extension Priced {
    /// Cheap things only.
    func discount() -> Int { 0 }
}

extension Basket: CustomStringConvertible {
    /// What it looks like.
    public var description: String { "" }

    func internalOne() { }
}

extension String {
    func notPublic() { }
}

extension String {
    /// As a thing.
    public var asThing: Thing { Thing(name: self) }
}

/// A thing.
public struct Thing {
    public var name: String
    var weight = 1

    public init(name: String) { self.name = name }
}

open class Shelf { open func clean() { } }

public typealias Things = [Thing]

infix operator +++: AdditionPrecedence

struct Hidden { public func no() { } }
