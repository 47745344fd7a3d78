// The first answer: 1,000 requests of micro in a new process, from the call of `run` to the estimates, and what the
// import of architech takes before.
// Usage: node bench/cold.mjs [--quick]
import { fileURLToPath } from "node:url";
import { measured } from "./measure/child.mjs";
import { quick } from "./measure/options.mjs";
import { median } from "./measure/statistics.mjs";
import { printTable, spread } from "./measure/text.mjs";

const rounds = quick ? 5 : 20;
const goalMs = 20;
const script = fileURLToPath(new URL("cold/answer.mjs", import.meta.url));
const ways = { "as by default": [], "watched while it goes on": ["stream"] };

const taken = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
for (let round = 0; round < rounds; round++)
  for (const [way, args] of Object.entries(ways)) taken[way].push(await measured(process.execPath, [script, ...args]));

const ms = (times) => spread(times, (value) => value.toFixed(0));
printTable([
  [
    `1,000 requests of micro, ${rounds} new processes, ms`,
    "call to estimates",
    "its CPU",
    "import",
    "process start to estimates",
  ],
  ...Object.entries(taken).map(([way, times]) => [
    way,
    ...["call", "cpu", "import", "process"].map((field) => ms(times.map((one) => one[field]))),
  ]),
]);
const [byDefault] = Object.values(taken);
const [middle, least] = [median(byDefault.map(({ call }) => call)), Math.min(...byDefault.map(({ call }) => call))];
console.log(
  `less than ${goalMs} ms: ${middle < goalMs ? "met" : "MISSED"}, ${middle.toFixed(0)} ms, at best ${least.toFixed(0)} ms`,
);
