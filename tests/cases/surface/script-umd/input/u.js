;(function (root, factory) {
  if (typeof define === 'function' && define.amd) {
    define(['exports'], factory);
  } else if (typeof exports === 'object') {
    module.exports = factory();
  } else {
    root.U = factory();
  }
}(this, function () {
  'use strict';
  /** Encodes. */
  function encode(text) { return text; }
  /** Not handed on. */
  function helper() {}
  /** Version. */
  var version = '1';
  return { encode: encode, version: version, /** Decodes. */ decode: function (text) { return text; } };
}));
