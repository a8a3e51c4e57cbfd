-- No module of the rock.
return { helper = function() end }
