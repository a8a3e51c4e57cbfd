exports.move = function move() {};
