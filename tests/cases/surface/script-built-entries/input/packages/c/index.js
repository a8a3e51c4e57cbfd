'use strict'
if (process.env.NODE_ENV === 'production') {
  module.exports = require('./dist/c.prod.js')
} else {
  module.exports = require('./dist/c.js')
}
