import assert from "node:assert/strict";
import { displayMethod } from "#src/chart/host.js";
import { areaY, lineY, ruleY } from "#src/chart/marks.js";
import { plot } from "#src/chart/plot.js";
import { chartMime } from "#src/chart/spec.js";
import { finishedSweep, SampleSweep } from "./sample.js";
import { chartOf, StandInHost } from "./stand-in-host.js";

const server = "http://127.0.0.1:1/";
const draw = (rows: SampleSweep) =>
  plot({
    title: "tails",
    marks: [lineY(rows, { x: "rps", y: "api.latency.p99", stroke: "connections" }), ruleY([30])],
  });

describe("plot() in a script", () => {
  it("gives the picture when the run is over", async () => {
    const svg = await draw(finishedSweep()).svg({ width: 500 });
    assert.match(svg, /width="500"/);
    assert.match(svg, />20<\/text>/);
  });

  it("gives a bundle with rows and picture, and that is how a notebook shows it", async () => {
    const chart = draw(finishedSweep());
    const bundle = await chart.bundle();
    assert.deepEqual(Object.keys(bundle), [chartMime, "image/svg+xml", "text/plain"]);
    assert.deepEqual(await chart[displayMethod](), bundle);
    assert.equal(bundle["text/plain"], '[chart "tails", 6 rows]');
  });

  it("draws rows that are not of a run", async () => {
    assert.match(
      await plot({
        marks: [
          null,
          false,
          lineY(
            [
              { a: 1, b: 2 },
              { a: 2, b: 1 },
            ],
            { x: "a", y: "b" },
          ),
        ],
      }).svg(),
      /<path/,
    );
  });

  it("refuses what is no mark", () => {
    assert.throws(() => plot({ marks: [5 as never] }), { code: "invalid-argument" });
  });

  it("one source for marks over the same rows, and of the metrics only those that are read", () => {
    const sweep = finishedSweep();
    const { spec } = plot({
      marks: [
        areaY(sweep, { x: "rps", y1: "api.latency.p99.low", y2: "api.latency.p99.high" }),
        lineY(sweep, { x: "rps", y: "api.latency.p99" }),
      ],
    });
    assert.deepEqual(
      spec.marks.map(({ source }) => source),
      [0, 0],
    );
  });
});

describe("plot() in a notebook", () => {
  it("is shown at once, and when the run is over with rows and picture", async () => {
    const host = new StandInHost({ hasFrontEnd: false });
    const sweep = new SampleSweep("run-1");
    const chart = host.run(() => draw(sweep));
    const [first] = host.shown;
    assert.ok(first);
    assert.equal(first.update, false);
    assert.equal(chartOf(first).state, "live");
    sweep.give(0, 0, 5).end();
    await chart.done;
    const last = host.shown.at(-1);
    assert.ok(last);
    assert.equal(last.displayId, first.displayId);
    assert.equal(last.update, true);
    assert.equal(chartOf(last).state, "done");
    assert.deepEqual(chartOf(last).sources[0]?.rows, [
      {
        rps: 100,
        connections: 10,
        "api.latency.p99": 5,
        "api.latency.p99.low": null,
        "api.latency.p99.high": null,
        runs: 1,
      },
    ]);
    assert.match(String(last.bundle["image/svg+xml"]), /^<svg/);
  });

  it("keeps only the metrics that it shows", async () => {
    const host = new StandInHost({ hasFrontEnd: false });
    await host.run(() => draw(finishedSweep())).done;
    assert.deepEqual(chartOf(host.shown[0] as never).sources[0]?.view, {
      of: "summary",
      keys: ["rps", "connections"],
      metrics: ["api.latency.p99"],
      confidence: 0.95,
    });
  });

  it("is not shown a second time as the cell's result, which ends with the chart where nobody draws by themselves", async () => {
    const host = new StandInHost({ hasFrontEnd: false });
    const sweep = new SampleSweep("run-1");
    const chart = host.run(() => draw(sweep));
    let ended = false;
    const result = chart[displayMethod]().finally(() => (ended = true));
    await new Promise(setImmediate);
    assert.equal(ended, false);
    sweep.end();
    assert.equal(await result, undefined);
    assert.equal(chartOf(host.shown.at(-1) as never).state, "done");
  });

  it("says how a run ended that was not finished", async () => {
    const host = new StandInHost({ hasFrontEnd: false });
    await host.run(() => draw(new SampleSweep("run-1").give(0, 0, 5).end("cancelled"))).done;
    assert.equal(chartOf(host.shown.at(-1) as never).state, "cancelled");
    assert.equal(host.shown.at(-1)?.bundle["text/plain"], '[chart "tails", 1 rows, cancelled]');
  });

  it("a front end that does not answer gets pictures while the run goes on", async () => {
    const host = new StandInHost();
    const sweep = new SampleSweep("run-1");
    const chart = host.run(() => draw(sweep));
    sweep.give(0, 0, 5);
    const picture = await host.until(({ bundle }) => bundle["image/svg+xml"] !== undefined);
    assert.equal(chartOf(picture).state, "live");
    sweep.end();
    await chart.done;
  });
});

describe("plot() in a notebook of a server of ours", () => {
  it("opens no comm, ends its cell at once, and says when the run has reached the server", async () => {
    const host = new StandInHost({ server });
    const sweep = new SampleSweep("run-1", { url: server });
    const chart = host.run(() => draw(sweep));
    assert.equal(chartOf(host.shown[0] as never).starting, true);
    await chart[displayMethod]();
    const begun = await host.until(({ update }) => update);
    assert.equal(chartOf(begun).state, "live");
    assert.equal(chartOf(begun).starting, undefined);
    assert.equal(host.comms.length, 0);
    sweep.end();
    await chart.done;
    assert.equal(chartOf(host.shown.at(-1) as never).state, "done");
  });

  it("sends a run of another server over a comm", () => {
    const host = new StandInHost({ server });
    const sweep = new SampleSweep("run-1", { url: "http://10.0.0.9:8888/" });
    host.run(() => draw(sweep));
    assert.equal(host.comms[0]?.target, "architech.stream");
    sweep.end();
  });
});
