// How fast the engine simulates, beside SimPy, Ciw, SSJ, simscript and the practical limit: the same models, each specialised to C++.
// Rounds go through all of them in turn, so that what else the machine does meets all alike; CPU time is compared.
// Usage: node bench/engine.mjs [--quick]
import { contestants } from "./engine/contestants.mjs";
import { models } from "./engine/models.mjs";
import { quick } from "./measure/options.mjs";
import { agree, mean, median, standardError } from "./measure/statistics.mjs";
import { printTable, short, spread } from "./measure/text.mjs";

const rounds = quick ? 2 : 5;
const goals = [
  { model: "mm1", peer: "Ciw", times: 300 },
  { model: "mm8", peer: "SSJ", times: 3 },
  { model: "micro", peer: "SimPy", times: 100 },
  { model: "micro", peer: "C++, specialised", times: 0.67 },
];

const all = await contestants();
for (const { name, missing } of all) if (missing !== undefined) console.log(`without ${name}: ${missing}`);
const present = all.filter(({ missing }) => missing === undefined);
for (const model of Object.keys(models)) await compare(model);

async function compare(model) {
  const taking = present.filter(({ requests }) => model in requests);
  const results = new Map(taking.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round++)
    for (const { name, requests, run } of taking) {
      const count = quick ? Math.ceil(requests[model] / 4) : requests[model];
      results.get(name).push(await run(model, count, round));
    }
  const [[, ours]] = results;
  printTable([
    [models[model].title, "requests", "CPU seconds", "requests/CPU second", "Architech / it", "mean sojourn"],
    ...[...results].map(([name, its]) => [
      name,
      short(median(its.map(({ requests }) => requests))),
      median(its.map(({ cpu }) => cpu)).toFixed(2),
      spread(its.map(speed)),
      spread(its.map((its, i) => speed(ours[i]) / speed(its))),
      meanSojourn(its),
    ]),
  ]);
  judgeModels(model, results);
  judgeSpeed(model, results);
  console.log();
}

function speed({ requests, cpu }) {
  return requests / cpu;
}

function means(results) {
  return results.map(({ mean }) => mean);
}

function meanSojourn(results) {
  const unit = mean(means(results)) < 0.1 ? "ms" : "s";
  const scale = unit === "ms" ? 1000 : 1;
  return `${(scale * mean(means(results))).toFixed(3)} ± ${(scale * standardError(means(results))).toFixed(3)} ${unit}`;
}

/** A comparison of different models is worth nothing: their means must agree within their noise. */
function judgeModels(model, results) {
  const [[, ours]] = results;
  const known = models[model].mean;
  const differing = [...results].filter(([, its]) => !agree(means(its), means(ours))).map(([name]) => name);
  if (known !== undefined && !agree(means(ours), [known])) differing.push("the closed form");
  if (differing.length === 0) {
    console.log(`the means agree within their noise${known === undefined ? "" : `; by theory ${known.toFixed(3)} s`}`);
    return;
  }
  console.log(`NOT THE SAME MODEL: the mean sojourn of Architech differs from ${differing.join(" and ")}`);
  process.exitCode = 1;
}

function judgeSpeed(model, results) {
  const ours = results.get("Architech").map(speed);
  for (const { peer, times } of goals.filter((goal) => goal.model === model && results.has(goal.peer))) {
    const ratio = median(results.get(peer).map((its, i) => ours[i] / speed(its)));
    console.log(`at least ${times} × ${peer}: ${ratio >= times ? "met" : "MISSED"}, ${Number(ratio.toPrecision(3))} ×`);
  }
}
