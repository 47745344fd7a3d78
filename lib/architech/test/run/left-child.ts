// Works on a run until it is killed: where, which, and with what, is in its arguments; it prints a line for each frame.
import type { SimulationRequest } from "#src/experiment/stream-source.js";
import { RunService, type RunServiceOptions } from "#src/run/run-service.js";

const [folder, request, options = "{}"] = process.argv.slice(2) as [string, string, string?];
const service = await RunService.open({ folder, workers: 1, ...(JSON.parse(options) as Partial<RunServiceOptions>) });
const { id } = await service.start(JSON.parse(request) as SimulationRequest);
for await (const _ of service.frames(id)) console.log(id);
setInterval(() => {}, 1000);
