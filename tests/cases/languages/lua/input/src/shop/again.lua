--- All of the till, and more.
local till = require "shop.till"
function till.count() end
return till
