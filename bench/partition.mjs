// What it is worth to simulate one model in two parts beside each other: two regions whose distance, and with it the
// windows of time in which each may run alone, grows from line to line. First in two threads of one process, then by two
// workers of a cluster, whose windows go over the bus. One and two parts take turns, each in a process of its own. Wall
// time wants a quiet machine with two cores; CPU time says what it would be there.
// Usage: node bench/partition.mjs [--quick]
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { measured } from "./measure/child.mjs";
import { quick } from "./measure/options.mjs";
import { median } from "./measure/statistics.mjs";
import { printTable, short, spread } from "./measure/text.mjs";
import { overTheBus } from "./partition/over-the-bus.mjs";

const regions = fileURLToPath(new URL("partition/regions.mjs", import.meta.url));
const rounds = quick ? 2 : 7;
const seconds = quick ? 5 : 20;
const farLatencies = ["5ms", "20ms", "100ms", "500ms"];
// A run in a cluster takes half a second more before all have begun.
const farSeconds = 3 * seconds;
const farRounds = quick ? 1 : 3;
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
      eventsPerSecond: events / seconds,
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
  console.log(`in threads two parts are quicker than one ${crossovers(lines)}`);
  const far = await overTheBus(farLatencies, farSeconds, farRounds);
  if (far === undefined) console.log("no nats-server is found: workers of a cluster are left out");
  else {
    const across = far.map(({ latency, pairs }) => ({
      latency,
      perWindow: (lines[0].eventsPerSecond * farSeconds) / pairs[0][1].parts.windows / 2,
      wall: pairs.map(([one, both]) => one.wall / both.wall),
      cpu: pairs.map(([one, both]) => (2 * one.cpu) / both.cpu),
      // Were there a core for each part, all else is waiting for each other.
      window: pairs.map(([one, both]) => ((both.wall - one.wall / 2) / both.parts.windows) * 1e6),
      more: pairs.map(([one, both]) => ((both.cpu + both.bus - one.cpu - one.bus) / both.parts.windows) * 1e6),
    }));
    printTable([
      [
        "latency",
        "events of a part in a window",
        "times as quick",
        "by CPU, with a core for each",
        "more time for a window, µs",
        "more CPU for it, µs",
      ],
      ...across.map(({ latency, perWindow, wall, cpu, window, more }) => [
        latency,
        short(perWindow),
        spread(wall, two),
        spread(cpu, two),
        spread(window, two),
        spread(more, two),
      ]),
    ]);
    console.log(`across workers two parts are quicker than one ${crossovers(across)}`);
  }
}

/** From where on two parts are quicker than one, by the clock and by CPU. */
function crossovers(lines) {
  const crossover = (pick) => lines.find((line) => median(pick(line)) >= 1)?.perWindow;
  const from = (events) =>
    events === undefined ? "nowhere here" : `from ${short(events)} events of a part in a window on`;
  return `${from(crossover(({ wall }) => wall))}; by CPU ${from(crossover(({ cpu }) => cpu))}`;
}
