export { admit, nextTime, reserveNumbers, roomForMessages } from "./cut.js";
export { layZiggurat } from "./exponential.js";
export { start } from "./growth.js";
export { run } from "./loop.js";
export { sample } from "./sampling.js";
export { resize, setReplica } from "./scaling.js";
