import assert from "node:assert/strict";
import type { ChartSpec } from "#src/chart/spec.js";
import { standAloneSvg } from "#src/chart/stand-alone.js";
import { wellFormed } from "../diagram/well-formed.js";

const rows = [10, 20].flatMap((connections) =>
  [100, 200, 400].map((rps) => ({ rps, connections, "api.latency.p99": rps / connections, name: `<b>&"${rps}` })),
);
const lines: ChartSpec = {
  marks: [{ mark: "lineY", source: 0, options: { x: "rps", y: "api.latency.p99", stroke: "connections", tip: true } }],
  options: {},
};
const withOptions = (options: Record<string, unknown>): ChartSpec => ({ ...lines, options });

describe("standAloneSvg()", () => {
  it("is well-formed XML with its namespace, a title and a description", async () => {
    const svg = await standAloneSvg(withOptions({ title: "Latency <p99> & load" }), [rows]);
    wellFormed(svg);
    assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    assert.match(svg, /<title>Latency &lt;p99&gt; &amp; load<\/title>/);
    assert.match(svg, /<desc>lineY \(x: rps, y: api\.latency\.p99, stroke: connections\), 6 rows<\/desc>/);
  });

  it("needs no page: no style sheet, no script, no colour or font that only a page could fill in", async () => {
    const svg = await standAloneSvg(lines, [rows]);
    assert.doesNotMatch(svg, /<style|<script|foreignObject|currentColor|var\(|class=|href/i);
    assert.match(svg, /<rect[^>]* fill="#ffffff"/);
    assert.match(svg, /font-family="system-ui/);
  });

  it("has its legend inside, with a colour for each value of what tells the lines apart", async () => {
    const svg = await standAloneSvg(lines, [rows]);
    assert.match(svg, />connections<\/text>/);
    assert.match(svg, /fill="#4269d0"[^>]*\/><text[^>]*>10<\/text>/);
    assert.match(svg, /fill="#e08a00"[^>]*\/><text[^>]*>20<\/text>/);
    assert.equal((svg.match(/<svg/g) ?? []).length, 2);
  });

  it("keeps a value's colour when another value comes", async () => {
    const colourOf = (svg: string, value: number): string | undefined =>
      new RegExp(`fill="(#[0-9a-f]{6})"[^>]*/><text[^>]*>${value}</text>`).exec(svg)?.[1];
    const one = await standAloneSvg(lines, [[{ rps: 1, connections: 20, "api.latency.p99": 1 }]]);
    const two = await standAloneSvg(lines, [
      [
        { rps: 1, connections: 20, "api.latency.p99": 1 },
        { rps: 1, connections: 10, "api.latency.p99": 1 },
      ],
    ]);
    assert.ok(colourOf(one, 20));
    assert.equal(colourOf(one, 20), colourOf(two, 20));
  });

  it("shows an amount that is read as a colour on a ramp", async () => {
    const spec: ChartSpec = {
      marks: [{ mark: "dot", source: 0, options: { x: "rps", y: "api.latency.p99", fill: "api.latency.p99" } }],
      options: {},
    };
    const svg = await standAloneSvg(spec, [rows]);
    assert.match(svg, />5<\/text>/);
    assert.match(svg, />40<\/text>/);
  });

  it("names the unit of a metric on its axis, unless the chart has a label of its own", async () => {
    assert.match(await standAloneSvg(lines, [rows]), /api\.latency\.p99 \(ms\)/);
    const own = await standAloneSvg(withOptions({ y: { label: "tail" } }), [rows]);
    assert.match(own, />[^<]*tail</);
    assert.doesNotMatch(own, /\(ms\)/);
  });

  it("shows a single point as it is written, in the middle, while nothing says how far its axes reach", async () => {
    const svg = await standAloneSvg(lines, [[{ rps: 400, connections: 20, "api.latency.p99": 0.2629 }]]);
    assert.match(svg, />400<\/text>/);
    assert.doesNotMatch(svg, />400\.0/);
    assert.doesNotMatch(svg, />0?\.2629<\/text>/);
  });

  it("makes room for the longest label of an axis, unless the chart says how much there is", async () => {
    const tall = rows.map((row) => ({ ...row, "api.latency.p99": row.rps * 100_000 }));
    const firstTick = (svg: string): number =>
      Number(/aria-label="y-axis tick"[^>]*>.*?translate\((-?[\d.]+),/.exec(svg)?.[1]);
    assert.ok(firstTick(await standAloneSvg(lines, [tall])) > firstTick(await standAloneSvg(lines, [rows])));
    const own = withOptions({ marginLeft: 40 });
    assert.equal(firstTick(await standAloneSvg(own, [tall])), firstTick(await standAloneSvg(own, [rows])));
  });

  it("takes nothing of the rows for markup", async () => {
    const spec: ChartSpec = {
      marks: [{ mark: "text", source: 0, options: { x: "rps", y: "connections", text: "name" } }],
      options: {},
    };
    const svg = await standAloneSvg(spec, [
      [...rows, { rps: 1, connections: 1, "api.latency.p99": 1, name: "</text><script>alert(1)</script>\u0000" }],
    ]);
    wellFormed(svg);
    assert.doesNotMatch(svg, /<script|<b>/);
  });

  it("leads nowhere and fetches nothing, whatever a specification asks for", async () => {
    const spec: ChartSpec = {
      marks: [
        {
          mark: "dot",
          source: 0,
          options: {
            x: "rps",
            y: "connections",
            href: "name",
            target: "_top",
            fill: "url(https://example.com/x.svg#a)",
            style: "position: fixed",
          },
        },
      ],
      options: { style: "background: url(https://example.com/y)", className: "a}b{" },
    };
    assert.doesNotMatch(await standAloneSvg(spec, [rows]), /example\.com|href|position/);
  });

  it("says that it waits while no row has come, and that there is none when none will", async () => {
    assert.match(await standAloneSvg(lines, [[]]), /waiting for the first rows/);
    assert.match(await standAloneSvg(lines, [[]], { live: false }), />no rows</);
  });

  it("refuses a mark that does not exist, naming it", async () => {
    const spec = { marks: [{ mark: "plot", options: {} }], options: {} } as unknown as ChartSpec;
    await assert.rejects(standAloneSvg(spec, []), {
      code: "invalid-argument",
      message: '"plot" is no mark of a chart',
    });
  });

  it("gives the same text for the same rows", async () => {
    assert.equal(await standAloneSvg(lines, [rows]), await standAloneSvg(lines, [rows]));
  });
});
