// Closed load: a number of users, each of whom asks again as soon as there is an answer, and goes through visits in
// order. How much is done then, by how many at once, is what a model is calibrated with.
import { summary } from "./steps.mjs";

export async function crowd({ cluster, users, sizes, seconds, onStep, signal }) {
  const points = [];
  for (const size of sizes) {
    if (signal?.aborted) break;
    const before = cluster.use();
    const own = process.cpuUsage();
    const begun = performance.now();
    const end = begun + seconds * 1_000;
    const done = [];
    const user = async (at) => {
      for (let next = at; performance.now() < end && !signal?.aborted; next++) {
        const from = performance.now();
        const what = await users.nth(next);
        done.push({ ...what, ms: performance.now() - from });
      }
    };
    await Promise.all(Array.from({ length: size }, (_, i) => user(i)));
    const whole = (performance.now() - begun) / 1_000;
    const point = { users: size, ...summary({ done, whole, before, after: cluster.use(), own }) };
    points.push(point);
    onStep(point);
  }
  return points;
}
