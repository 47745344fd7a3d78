module.exports = require("typescript");
