---@tag shop.called
---@brief [[
--- Calls the shop.
---@brief ]]

return (function()
  local partial = function(x) return x end
  return {
    --- Gets.
    get = function(url) end,
    -- TODO: all of it
    put = partial "put",
    -- Folded: {{{
    -- Gives it back.
    -- }}}
    back = function() end,
  }
end)()
