// A million requests inside at once, each waiting for a time of its own: prints how many there are, the bytes of the
// engine's memory that they take, and those that the process has more, as JSON.
import { frameStride, top } from "../../lib/architech/dist/engine/core/addresses.js";
import { Machine } from "../../lib/architech/dist/engine/machine.js";
import { coreModule, WasmCore } from "../../lib/architech/dist/engine/wasm-core.js";
import { validate } from "../../lib/architech/dist/model/validate.js";
import { compile } from "../../lib/architech/dist/simulation/compile.js";

const model = validate({
  architech: 1,
  nodes: { api: { kind: "service", ops: { get: [{ do: "wait", time: { dist: "exponential", mean: "100000h" } }] } } },
  traffic: { to: "api", rate: "1000rps", mix: { get: 1 } },
});
const before = process.memoryUsage.rss();
let core;
const makeCore = (image) => {
  core = new WasmCore(coreModule("lean"), image);
  return core;
};
const machine = new Machine(compile(model).program, "1/0", 2_000_000, undefined, makeCore);
const taken = () => 4 * new Int32Array(core.buffer)[top];
const empty = taken();
machine.run(1_000_000, 1e9);
const inside = machine.meters[0] - machine.meters[1] - machine.meters[2];
const frame = 4 * new Int32Array(core.buffer)[frameStride];
console.log(JSON.stringify({ inside, frame, taken: taken() - empty, held: process.memoryUsage.rss() - before }));
