// The compiler by `require`: imported as a module, Node would read its nine megabytes twice more to learn what it exports.
const typescript = require("typescript");
module.exports = typescript;
