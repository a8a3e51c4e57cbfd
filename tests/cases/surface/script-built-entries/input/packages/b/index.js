'use strict'
if (process.env.NODE_ENV === 'production') {
  module.exports = require('./build/b.prod.js')
} else {
  module.exports = require('./build/b.js')
}
