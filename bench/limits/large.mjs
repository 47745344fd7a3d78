// A model of 1,000 nodes and 10,000 calls between them: prints CPU milliseconds of `model()`, which checks it, and of
// compiling it for the engine, the first time in a process and the median of further ones.
import { cpu, model, service } from "architech";
import { compile } from "../../lib/architech/dist/simulation/compile.js";
import { median } from "../measure/statistics.mjs";

const [nodes, calls] = [1_000, 10];

/** Each node calls ten of those behind it. */
function large() {
  const all = {};
  for (let i = nodes - 1; i >= 0; i--) {
    const steps = [cpu("0.1ms")];
    for (let k = 1; k <= calls && i + k * k < nodes; k++) steps.push(all[`n${i + k * k}`].call("do"));
    for (let k = steps.length; k <= calls; k++) steps.push(cpu("0.1ms"));
    all[`n${i}`] = service({ threads: 8, ops: { do: steps } });
  }
  return model(all, { to: all.n0, rate: "1rps" });
}

function timed(act) {
  const before = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e3;
}

let made;
const checks = Array.from({ length: 6 }, () => timed(() => (made = large())));
const document = made.toJSON();
const compilations = Array.from({ length: 6 }, () => timed(() => compile(document)));
const summary = ([first, ...later]) => ({ first, later: median(later) });
const edges = Object.values(document.nodes).reduce(
  (sum, { ops }) => sum + ops.do.filter((step) => step.do === "call").length,
  0,
);
console.log(
  JSON.stringify({
    nodes: Object.keys(document.nodes).length,
    edges,
    model: summary(checks),
    compile: summary(compilations),
  }),
);
