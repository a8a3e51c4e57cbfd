--- Sells fruit.
-- @module shop

local M = { _VERSION = "1.0", limit = 3 }

local Item = {}
Item.__index = Item

--- A new item.
-- @tparam string name what it is
-- @tparam[opt] number count how many
-- @treturn Item the item
function Item.new(name, count)
  return setmetatable({ name = name, count = count }, Item)
end

---Its price.
---@param discount? number in percent
---@return number price
function Item:price(discount)
  if discount then return 1 end
  for i = 1, 3 do local x = function() end end
  repeat local y = 1 until y
  return 2
end

function Item:__tostring() return "item" end

M.Item = Item

-- Sells an item, as @{give} and @{shop.till|the till} do; @{open is none.
---@param item string # what it is
-- @usage
-- shop.sell("apple")
function M.sell(item, ...)
  local function inner() end
  M.not_at_top = function() end
end

M.give = function(item) end

local function take(item) return item end
M.take = take

local function helper() end
function M._private() end

M.sub = {}
function M.sub.deep(x) end

M["quoted"] = function() end

--[==[ function M.commented() end ]==]
local text = [[
function M.in_text() end
]]

--- @local
function M.not_offered() end

return M
