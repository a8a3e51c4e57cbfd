// swift-tools-version:5.9
import PackageDescription

let package = Package(
    name: "Shop",
    products: [.library(name: "Shop", targets: ["Shop", "ShopTools"])],
    targets: [
        .target(name: "Shop"),
        .target(name: "ShopTools", dependencies: ["Shop"], path: "Tools/Code"),
        .testTarget(name: "ShopTests", dependencies: ["Shop"]),
    ]
)
