// The same sweep by one worker and by two, each with one thread: how much sooner it is over.
import { RunClient } from "@architech/protocol";
import { WebSocket } from "ws";
import { smallRun } from "./acts.mjs";

/** Simulated time of a task that takes about 50 ms of a processor. */
const until = "2500s";

/** Small tasks, after which code is compiled that every task needs. */
const warmTasks = 2_000;

/** Starts workers one after the other, and gives what each number of them took for so many tasks. */
export async function scaling({ cluster, url, workers, tasks, onPoint }) {
  const runs = new RunClient({ url: url.href, token: cluster.token, WebSocket });
  const points = [];
  for (let count = 1; count <= workers; count++) {
    if (count > 1) await cluster.worker();
    // What is measured is a cluster that has been at work: code that is compiled, chunks of their size.
    await timed(runs, smallRun(1, warmTasks, "1s"));
    await timed(runs, smallRun(1, 8 * count, until));
    const before = cluster.use();
    const { seconds, first } = await timed(runs, smallRun(2, tasks, until));
    const after = cluster.use();
    const cpu = Object.fromEntries(Object.entries(after).map(([name, { cpu }]) => [name, cpu - before[name].cpu]));
    const point = { workers: count, tasks, seconds, firstMs: first, cpu };
    points.push(point);
    onPoint(point);
  }
  return points;
}

async function timed(runs, request) {
  const begun = performance.now();
  const { id } = await runs.start(request);
  let [frames, first] = [0, Number.NaN];
  for await (const _ of runs.stream(id)) if (++frames === 2) first = performance.now() - begun;
  return { seconds: (performance.now() - begun) / 1_000, first };
}
