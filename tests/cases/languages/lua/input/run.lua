#!/usr/bin/env lua
local shop = require "shop"
function main() shop.sell("apple") end
main()
