Globals = {}
function Globals.x(a) end
local Hidden = {}
function Hidden.y() end
function plain(a, b) end
