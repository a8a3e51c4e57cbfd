--[[-- Kinds of fruit.

Each is a class.
@module shop.kinds
]]
local class = require("middleclass")
local shop = require "shop"
local half = 7 // 2 -- no "comment' of C's

local kinds, count = {}, 0

--- Anything that is sold.
local Thing = class("Thing")
kinds.Thing = Thing

--[==[--
Weighs it.
@param[opt=1] scale how many
@return[1] the weight ]]
@return[2] nil
]==]
function Thing:weigh(scale) end

--- @deprecated use weigh
function Thing:size() end

---@class Apple: Thing
---@field colour string its colour
kinds.Apple = Thing:subclass("Apple")

function kinds.Apple:bite() end

kinds.first, kinds.last = Thing, nil
kinds.LIMIT = -3
kinds.names = { "a", "b", sub = { deep = 1 } }
kinds.weighed = memoize(function(x) return x end)
kinds.sell = shop.sell

-- Objects without a name of their own.
local Basket = {}
Basket.__index = Basket

--- Puts something in.
function Basket:put(thing) end

local Helper = {}
Helper.__index = Helper
function Helper:run() end

if jit then
  function kinds.fast() return 1 end
else
  function kinds.fast() return 2 end
end
for i = 1, 3 do local kinds = i; function kinds.wrong() end end

function kinds.basket() return setmetatable({}, Basket) end

return setmetatable(kinds, { __call = function() end })
