export { layZiggurat } from "./exponential.js";
export { start } from "./growth.js";
export { run } from "./loop.js";
