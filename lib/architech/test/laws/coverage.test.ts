import assert from "node:assert/strict";
import { meanInterval } from "#src/experiment/interval.js";
import { exponential, run, station } from "../truth/replications.js";

describe("laws of the intervals", () => {
  it("a 95 % interval covers the known mean in 93 to 97 % of 1,000 runs of a short M/M/1", () => {
    const model = station(exponential("1ms"), "500rps");
    let covered = 0;
    for (let seed = 0; seed < 1000; seed++) {
      const means: number[] = [];
      for (let replication = 0; replication < 6; replication++)
        means.push(run(model, { untilMs: 1_500, warmupMs: 100, seed }, replication).summary[0]!);
      const { low, high } = meanInterval(means, 0.95);
      if (low <= 2 && 2 <= high) covered++;
    }
    assert.ok(covered >= 930 && covered <= 970, `${covered} of 1000`);
  });
});
