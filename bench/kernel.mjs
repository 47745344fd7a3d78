// Our kernel beside tslab's, over the same sockets with the same client: how soon it is there, how fast it answers, what
// it takes. Then what turns cells into JavaScript, alone: ours, and tslab's on two versions of TypeScript.
// Usage: node bench/kernel.mjs [--quick]
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { session } from "./kernel/session.mjs";
import { measured } from "./measure/child.mjs";
import { npmPeers } from "./measure/npm-peers.mjs";
import { quick } from "./measure/options.mjs";
import { printTable, spread } from "./measure/text.mjs";

const rounds = quick ? 2 : 3;
const cells = quick ? 15 : 40;
const path = (name) => fileURLToPath(new URL(name, import.meta.url));

const { folder, missing } = await npmPeers();
if (missing !== undefined) console.log(`without tslab: ${missing}`);
// The folder that everyone works in, where tslab finds the types of Node as it would in a project of a user.
const cwd = folder === undefined ? path(".") : dirname(folder);
await kernels();
console.log();
await converters();

async function kernels() {
  const contestants = {
    Architech: { cwd, command: (file) => [process.execPath, path("../kernel/dist/main.js"), file] },
    ...(folder === undefined
      ? {}
      : {
          tslab: {
            cwd,
            command: (file) => [process.execPath, join(folder, "tslab/bin/tslab"), "kernel", `--config-path=${file}`],
          },
        }),
  };
  const results = await interleaved(contestants, (contestant) => session(contestant, cells));
  report(`kernels, ${rounds} starts each`, results, [
    ["start to an answer, ms", "ready"],
    ["CPU until then, s", "readyCpu", 2],
    ["start to the first result, ms", "sinceStart"],
    ["CPU until then, s", "firstCpu", 2],
    ["first cell, ms", "first"],
    ["`i + 1`, median ms", "plain", 1],
    ["`i + 1`, 95 % ms", "plainTail", 1],
    ["cell with types, median ms", "typed", 1],
    ["completion, median ms", "complete", 1],
    ["completion, CPU ms", "completionCpu", 1],
    ["memory at rest, MB", "bytes", 0, 1e-6],
  ]);
}

async function converters() {
  const script = fileURLToPath(new URL("./kernel/converter-bench.mjs", import.meta.url));
  const run = (name) =>
    measured(process.execPath, [script, name, cells, ...(folder === undefined ? [] : [folder])], { cwd });
  const contestants = {
    "Architech, TypeScript 6": "architech",
    ...(folder === undefined ? {} : { "tslab, TypeScript 6": "tslab-on-6", "tslab, TypeScript 5.0": "tslab" }),
  };
  const results = await interleaved(contestants, run);
  report("converters alone, CPU ms", results, [
    ["until it is made", "readyCpu"],
    ["first cell", "first"],
    ["`i + 1`, median", "plain", 1],
    ["cell with types, median", "typed", 1],
  ]);
}

/** Results by contestant, from rounds in which each has its turn. */
async function interleaved(contestants, run) {
  const results = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const [name, contestant] of Object.entries(contestants)) results[name].push(await run(contestant));
  return results;
}

function report(title, results, lines) {
  printTable([
    [title, ...Object.keys(results)],
    ...lines.map(([label, field, digits = 0, scale = 1]) => [
      label,
      ...Object.values(results).map((its) =>
        spread(
          its.map((one) => one[field] * scale),
          (value) => value.toFixed(digits),
        ),
      ),
    ]),
  ]);
}
