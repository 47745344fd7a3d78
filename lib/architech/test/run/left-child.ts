// Works on a run until it is killed: where, and which, is in its arguments; it prints a line for each frame.
import type { SimulationRequest } from "#src/experiment/stream-source.js";
import { RunService } from "#src/run/run-service.js";

const [folder, request] = process.argv.slice(2) as [string, string];
const service = await RunService.open({ folder, workers: 1 });
const { id } = await service.start(JSON.parse(request) as SimulationRequest);
for await (const _ of service.frames(id)) console.log(id);
setInterval(() => {}, 1000);
