// A converter alone, in a fresh process: `converter-bench.mjs CONVERTER CELLS [PEERS]` prints CPU milliseconds as JSON:
// until it is ready, for the first cell, and the median of further ones. CONVERTER is architech, tslab (on the fork of
// TypeScript 5.0 that it comes with) or tslab-on-6 (on the TypeScript that ours uses).
import { createRequire } from "node:module";
import { median } from "../measure/statistics.mjs";
import { sum, typedCell } from "./cells.mjs";

const [name, cells, peers] = [process.argv[2], Number(process.argv[3]), process.argv[4]];

/** Ways to make a converter: a function of a cell that throws when the cell is wrong. */
const makers = {
  async architech() {
    const { TypeScriptConverter } = await import("../../kernel/dist/converter/typescript-converter.js");
    const converter = new TypeScriptConverter(process.cwd());
    return (code) => {
      const { ok, problems } = converter.convert(code);
      if (!ok) throw new Error(problems[0].message);
    };
  },
  async tslab() {
    const { createConverter } = createRequire(`${peers}/`)("tslab/dist/converter.js");
    const converter = createConverter();
    let declarations = "";
    return (code) => {
      const { diagnostics, declOutput } = converter.convert(declarations, code);
      if (diagnostics.length > 0) throw new Error(diagnostics[0].messageText);
      declarations = declOutput;
    };
  },
  async "tslab-on-6"() {
    await import("./typescript-6-for-tslab.mjs");
    return makers.tslab();
  },
};

let last = process.cpuUsage();
function lap() {
  const { user, system } = process.cpuUsage(last);
  last = process.cpuUsage();
  return (user + system) / 1000;
}

const convert = await makers[name]();
const ready = performance.now();
const readyCpu = lap();
const times = (count, cell) =>
  Array.from({ length: count }, (_, i) => {
    convert(cell(i));
    return lap();
  });
const [first] = times(1, sum);
const plain = median(times(cells, sum));
const typed = median(times(cells, typedCell));
console.log(JSON.stringify({ ready, readyCpu, first, plain, typed }));
process.exit();
