export { layZiggurat } from "./exponential.js";
export { start } from "./growth.js";
export { run } from "./loop.js";
export { sample } from "./sampling.js";
export { setReplica } from "./scaling.js";
