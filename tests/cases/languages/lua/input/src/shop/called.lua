return (function()
  local partial = function(x) return x end
  return {
    --- Gets.
    get = function(url) end,
    put = partial "put",
  }
end)()
