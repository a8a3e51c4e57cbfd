(function () {
  /** Runs. */
  function run() {}
  if (typeof module !== 'undefined') {
    module.exports = { run: run };
  }
})();
