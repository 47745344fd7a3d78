export { type Database, startInflux, startPrometheus } from "./databases.js";
export { missing, needed } from "./missing.js";
export { findNatsServer, startNats, stopNats, type TestNats } from "./nats-server.js";
export { oneService } from "./one-service.js";
export { freePort, freePorts } from "./ports.js";
export { findProgram } from "./programs.js";
export { pythonWith } from "./python.js";
export { type Running, running } from "./running.js";
export { twoZones } from "./two-zones.js";
