local List = {}

--- Adds.
function List:add(x) end

local Extra = {}
function Extra.more() end
local Other = {}
for name, value in pairs(Extra) do Other[name] = value end

local Part = { sub = {} }
function Part.sub.deep() end
function Part.hidden() end
Other.sub = Part.sub
local Registry = {}
function Registry:register(name) end
for name in pairs(Registry) do
  Other[name] = function(...) return Registry[name](Registry, ...) end
end

local names = {
  "get", "put",
  "not a name",
}
for i = 1, #names do
  local name = names[i]
  Other[name] = function(self, ...) return name end
end
for _, name in ipairs { "lend", "take" } do Other[name] = function() end end

local function first() return nil end
if not jit then return {} end
repeat if first() then return nil end until true

do
  local Named = Other
  function Named.named() end
end

return setmetatable({}, {
  __call = function(_, x) return x end,
  __index = function(t, key) return List[key] or Other[key] end,
})
