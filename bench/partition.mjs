// What it is worth to simulate one model in two parts beside each other: two regions whose distance, and with it the
// windows of time in which each may run alone, grows from line to line. One and two parts take turns, each in a process of
// its own. Wall time wants a quiet machine with two cores; CPU time says what it would be there.
// Usage: node bench/partition.mjs [--quick]
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { measured } from "./measure/child.mjs";
import { quick } from "./measure/options.mjs";
import { median } from "./measure/statistics.mjs";
import { printTable, short, spread } from "./measure/text.mjs";

const regions = fileURLToPath(new URL("partition/regions.mjs", import.meta.url));
const rounds = quick ? 2 : 7;
const seconds = quick ? 5 : 20;
const latencies = ["0.02ms", "0.05ms", "0.2ms", "0.5ms", "2ms", "5ms", "20ms", "100ms"];

const run = (parts, latency) => measured(process.execPath, [regions, parts, latency, seconds]);
const two = (value) => value.toFixed(2);

if (availableParallelism() < 2) console.log("nothing is measured: there is one processor");
else {
  const lines = [];
  for (const latency of latencies) {
    const pairs = [];
    for (let i = 0; i < rounds; i++) pairs.push([await run(1, latency), await run(2, latency)]);
    const { events, parts } = pairs[0][1];
    if (parts.count !== 2) throw new Error(`not in two parts: ${parts.why}`);
    if (pairs.some(([one, both]) => one.events !== both.events)) throw new Error("one and two parts differ");
    lines.push({
      latency,
      perWindow: events / parts.windows / 2,
      wall: pairs.map(([one, both]) => one.wall / both.wall),
      cpu: pairs.map(([one, both]) => (2 * one.cpu) / both.cpu),
      window: pairs.map(([one, both]) => ((both.cpu - one.cpu) / parts.windows) * 1e6),
    });
  }
  printTable([
    [
      "latency",
      "events of a part in a window",
      "times as quick",
      "by CPU, with a core for each",
      "more CPU for a window, µs",
    ],
    ...lines.map(({ latency, perWindow, wall, cpu, window }) => [
      latency,
      short(perWindow),
      spread(wall, two),
      spread(cpu, two),
      spread(window, two),
    ]),
  ]);
  const crossover = (pick) => lines.find((line) => median(pick(line)) >= 1)?.perWindow;
  const from = (events) =>
    events === undefined ? "nowhere here" : `from ${short(events)} events of a part in a window on`;
  console.log(
    `two parts are quicker than one ${from(crossover(({ wall }) => wall))}; by CPU ${from(crossover(({ cpu }) => cpu))}`,
  );
}
