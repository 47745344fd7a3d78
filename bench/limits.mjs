// How far it goes: memory of a million requests inside, a model of a thousand nodes, the types of a cell with a model of
// a hundred, and what a second worker thread is worth. CPU time is compared, but for the workers: those want a quiet machine.
// Usage: node bench/limits.mjs [--quick]
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { measured } from "./measure/child.mjs";
import { quick } from "./measure/options.mjs";
import { median } from "./measure/statistics.mjs";
import { printTable, spread } from "./measure/text.mjs";

const rounds = quick ? 2 : 5;
const inside = new URL("limits/inside.mjs", import.meta.url);
const large = new URL("limits/large.mjs", import.meta.url);
const cell = new URL("limits/cell.mjs", import.meta.url);
const workers = new URL("limits/workers.mjs", import.meta.url);

const run = (script, ...args) => measured(process.execPath, [fileURLToPath(script), ...args]);

async function repeated(script) {
  const results = [];
  for (let i = 0; i < rounds; i++) results.push(await run(script));
  return results;
}

function judge(what, value, goal, unit) {
  const isMet = value < goal;
  console.log(`${what}, less than ${goal} ${unit}: ${isMet ? "met" : "MISSED"}, ${value.toFixed(0)} ${unit}`);
}

const memory = await run(inside);
printTable([
  ["requests inside at once", "bytes of a frame", "of all that the engine has of it", "of the process"],
  [
    `${(memory.inside / 1e6).toFixed(2)} M`,
    memory.frame,
    (memory.taken / memory.inside).toFixed(0),
    (memory.held / memory.inside).toFixed(0),
  ],
]);
judge("a request's frame", memory.frame, 100, "bytes");
console.log();

const models = await repeated(large);
const ms = (pick) => spread(models.map(pick), (value) => value.toFixed(0));
printTable([
  [`${models[0].nodes} nodes, ${models[0].edges} calls, CPU ms`, "the first in a process", "further ones"],
  ["model(), which checks it", ms(({ model }) => model.first), ms(({ model }) => model.later)],
  ["compiled for the engine", ms(({ compile }) => compile.first), ms(({ compile }) => compile.later)],
]);
judge("compiled the first time", median(models.map(({ compile }) => compile.first)), 100, "CPU ms");
console.log();

const cells = await repeated(cell);
const cpu = (field) =>
  spread(
    cells.map((one) => one[field]),
    (value) => value.toFixed(0),
  );
printTable([
  ["a cell of the kernel, CPU ms", ""],
  ["imports architech, the first of all", cpu("imports")],
  ["makes a model of 100 nodes, the first", cpu("first")],
  ["makes a model of 100 nodes, further ones", cpu("later")],
]);
judge("further models of 100 nodes", median(cells.map(({ later }) => later)), 1000, "CPU ms");
console.log();

if (availableParallelism() < 2) console.log("two workers are not measured: there is one processor");
else {
  const pairs = [];
  for (let i = 0; i < rounds; i++) pairs.push([await run(workers, 1), await run(workers, 2)]);
  const gain = pairs.map(([one, two]) => one.wall / two.wall);
  printTable([
    ["16 replications of micro", "one worker", "two workers"],
    [
      "seconds",
      ...[0, 1].map((i) =>
        spread(
          pairs.map((pair) => pair[i].wall),
          (value) => value.toFixed(2),
        ),
      ),
    ],
    [
      "CPU seconds",
      ...[0, 1].map((i) =>
        spread(
          pairs.map((pair) => pair[i].cpu),
          (value) => value.toFixed(2),
        ),
      ),
    ],
  ]);
  const byCpu = median(pairs.map(([one, two]) => (2 * one.cpu) / two.cpu));
  console.log(
    `two workers, at least 1.9 times one: ${median(gain) >= 1.9 ? "met" : "MISSED"}, ${spread(gain, (value) => value.toFixed(2))} times; by the CPU that they take, ${byCpu.toFixed(2)} times where each has its own core`,
  );
}
