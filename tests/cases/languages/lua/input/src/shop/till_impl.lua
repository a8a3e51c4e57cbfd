-- Opens a till.
local function open() end

return {
  open = open,
  --- Closes it.
  close = function(self, force) end,
  names = { "a", "b" },
}
