export { ArchitechError, type ErrorCode, errorCodes } from "@architech/protocol";
export type { ModelDocument } from "./model/document.js";
export type { Simulation, Task, TaskResult } from "./simulation/task.js";
