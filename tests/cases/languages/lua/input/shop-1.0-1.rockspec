package = "shop"
version = "1.0-1"
source = { url = "git://example.org/shop" }
build = {
  type = "builtin",
  modules = {
    ["shop"] = "src/shop/init.lua",
    ["shop.till"] = "src/shop/till_impl.lua",
    ["shop.kinds"] = "src/shop/kinds.lua",
    ["shop.old"] = "src/shop/old.lua",
    ["shop.joined"] = "src/shop/joined.lua",
    ["shop.called"] = "src/shop/called.lua",
    ["shop.again"] = "src/shop/again.lua",
    globals = "./src/globals.lua",
  }
}
