import assert from "node:assert/strict";
import type { RunParts } from "@architech/protocol";
import type { ExperimentOptions } from "#src/experiment/options.js";
import { startRun } from "#src/experiment/start.js";
import { provideRuns } from "#src/experiment/stream-source.js";
import { validate } from "#src/model/validate.js";
import { LocalRuns } from "#src/run/local-runs.js";
import { twoZones } from "../parts/two-zones.js";
import { bytesOf, request, Workplace } from "./workplace.js";

describe("runs in parts", function () {
  this.timeout(60_000);
  const place = new Workplace();
  const runs = new LocalRuns();
  const busy = twoZones("20000rps", "50ms");
  const engine = new URL("../../../dist/simulation/simulate.js", import.meta.url).href;
  before(() => provideRuns(() => runs));
  after(async () => {
    await place.clear();
    await runs.close();
  });

  async function partsOf(options: Partial<ExperimentOptions>, model = busy): Promise<RunParts> {
    return (await startRun(model, { until: "1s", warmup: "0s", runs: 1, workers: 2, cache: false, ...options })).parts;
  }

  it("are in parts where there are fewer tasks than threads and much happens in a window, and say so", async () => {
    // Between two calls over the cut each part does much by itself.
    const alone = { do: "repeat", times: 30, steps: [{ do: "cpu", time: "0.01ms" }] } as const;
    const steps = (to: string, op: string) => [alone, { do: "call", to, op }] as const;
    const busier = validate({
      ...busy,
      nodes: {
        ...busy.nodes,
        front: { kind: "service", threads: 50, ops: { serve: steps("back", "look") } },
        back: { kind: "service", threads: 50, ops: { look: steps("db", "read") } },
      },
    });
    const { count, lookaheadMs, why } = await partsOf({}, busier);
    assert.deepEqual([count, lookaheadMs], [2, 50]);
    assert.match(why, /front \| back, db: about \d/);
    assert.match((await partsOf({})).why, /expected/);
  });

  it("say why they are not", async () => {
    const why = async (...how: Parameters<typeof partsOf>): Promise<string> => {
      const { count, why } = await partsOf(...how);
      assert.equal(count, 1);
      return why;
    };
    assert.equal(await why({ parts: 1 }), "one part was asked for");
    assert.equal(await why({ workers: 0 }), "there are no worker threads");
    assert.equal(await why({ workers: 1, parts: 2 }), "there is one worker thread");
    assert.equal(await why({ runs: 2 }), "each of 2 tasks is work for one of 2 threads");
    assert.equal(await why({}, twoZones("50rps")), "so small a run is over before other threads have begun");
    const { network: _, ...near } = busy;
    assert.match(await why({}, near), /^no call takes a time on its way/);
  });

  it("are so where that was asked for, however little that gains", async () => {
    assert.equal((await partsOf({ parts: 2 }, twoZones("50rps"))).count, 2);
    assert.equal((await partsOf({ parts: 64, runs: 3 }, twoZones("50rps"))).count, 2);
  });

  it("have the same stream, byte for byte", async () => {
    const bytes = async (parts: number): Promise<Buffer> => {
      const service = await place.service({ simulator: engine });
      const wanted = { ...request(twoZones("900rps")), kind: "run" as const, points: [{ key: {}, change: {} }] };
      const { id } = await service.start({ ...wanted, options: { ...wanted.options, until: "4s", parts, runs: 2 } });
      const all = await bytesOf(service, id);
      const { state, parts: found } = await service.ended(id);
      assert.deepEqual([state, found?.count], ["done", parts]);
      assert.deepEqual((await service.info(id)).parts, found);
      return all;
    };
    assert.deepEqual(await bytes(2), await bytes(1));
  });

  it("can be cancelled, and their threads work on the next", async () => {
    const started = startRun(busy, { until: "1h", warmup: "0s", runs: 1, workers: 2, parts: 2, cache: false });
    await new Promise<void>((resolve) => {
      const stop = started.onProgress(({ done }) => {
        if (done === 0) return;
        stop();
        resolve();
      });
    });
    started.cancel();
    await assert.rejects(Promise.resolve(started), { code: "run-cancelled" });
    assert.equal((await partsOf({ parts: 2 })).count, 2);
  });

  it("are in threads where there are no other workers", async () => {
    const across = "workers";
    const { count, ...found } = await partsOf({ parts: { most: 2, across } }, twoZones("50rps"));
    assert.deepEqual([count, found.across], [2, undefined]);
    assert.equal((await partsOf({ parts: { most: 2, across: "threads" } }, twoZones("50rps"))).count, 2);
    assert.equal((await partsOf({ parts: { most: 2, across }, workers: 1 })).why, "no other worker is free");
  });

  for (const [parts, name, message] of [
    [{}, "most", /"options\.parts\.most" is an integer from 1 to 64/],
    [{ most: 65, across: "threads" }, "most", /an integer from 1 to 64, not 65/],
    [{ most: 2 }, "across", /"options\.parts\.across" is "threads" or "workers"/],
    [{ most: 2, across: "moons" }, "across", /is "threads" or "workers", not "moons"/],
    [[2], "", /object/],
  ] as const)
    it(`refuse ${JSON.stringify(parts)}`, async () => {
      const path = ["options", "parts", ...(name === "" ? [] : [name])];
      await assert.rejects(partsOf({ parts: parts as never }), { code: "bad-run-request", path, message });
    });

  for (const parts of [0, 65, 1.5, -1, Number.NaN, "two", true])
    it(`refuse ${String(parts)} of them`, async () => {
      await assert.rejects(partsOf({ parts: parts as number }), {
        code: "bad-run-request",
        path: ["options", "parts"],
        message: /"options\.parts" is "auto", an integer from 1 to 64, or { most, across }, not/,
      });
    });
});
