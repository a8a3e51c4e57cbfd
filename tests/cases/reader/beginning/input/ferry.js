exports.cross = function cross(n) { return n; };
