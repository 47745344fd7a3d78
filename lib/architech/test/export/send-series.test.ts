import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ArchitechError } from "@architech/protocol";
import { type Database, needed, startInflux, startPrometheus } from "@architech/test-tools";
import { cpu, exponential, model, queue, sendSeries, service, worker } from "architech";

const emails = queue();
const mailer = worker({ takes: emails, work: exponential("20ms") });
const api = service({ threads: 2, ops: { browse: [cpu(exponential("8ms")), emails.put()] } });
const shop = model({ api, emails, mailer }, { to: api, rate: "30rps", mix: { browse: 1 } });
const options = { until: "10min", warmup: "1min", runs: 1, seed: 7, every: "10s", workers: 0 } as const;

/** What the model says itself of a node: `t` and a column. */
async function rows(of: string, column: string): Promise<[number, number][]> {
  const table = await (await shop.run(options)).series();
  const [t, node, value] = ["t", "node", column].map((name) => table.getChild(name)!);
  const all: [number, number][] = [];
  for (let i = 0; i < table.numRows; i++)
    if (String(node!.get(i)) === of) all.push([Number(t!.get(i)), Number(value!.get(i))]);
  return all;
}

function cumulated(all: readonly [number, number][]): [number, number][] {
  let sum = 0;
  return [[0, 0], ...all.map(([t, value]): [number, number] => [t, (sum += value)])];
}

describe("a series in a database of monitoring", () => {
  describe("Prometheus", () => {
    let database: Database;
    before(async function () {
      database = await startPrometheus(needed(this, "prometheus"));
    });
    after(() => database?.stop());

    const query = async (text: string, at: Date) => {
      const url = `${database.url}/api/v1/query?query=${encodeURIComponent(text)}&time=${at.getTime() / 1000}`;
      const { data } = (await (await fetch(url)).json()) as {
        data: {
          result: { metric: Record<string, string>; value: [number, string]; values: [number, string][] }[];
        };
      };
      return data.result;
    };

    it("has every sample: counters that add up, times in seconds, levels as they are", async () => {
      const target = { prometheus: `${database.url}/api/v1/write` };
      const sent = await sendSeries(await shop.run(options), target, { labels: { run: "first" } });
      const begun = sent.from.getTime() / 1000;
      const of = async (name: string, labels: string): Promise<[number, number][]> => {
        const [one, ...more] = await query(`${name}{${labels}, run="first"}[1h]`, sent.to);
        assert.equal(more.length, 0);
        return one!.values.map(([t, value]) => [Math.round(t - begun), Number(value)]);
      };
      const api = 'node="api"';
      assert.deepEqual(await of("simulated_completions_total", api), cumulated(await rows("api", "completions")));
      assert.deepEqual(await of("simulated_depth", 'node="emails"'), await rows("emails", "depth"));
      const seconds = (await rows("api", "latency.p99")).map(([t, ms]) => [t, ms * 1e-3]);
      assert.deepEqual(await of("simulated_latency_seconds", `${api}, quantile="0.99"`), seconds);
      assert.ok(Math.abs(sent.to.getTime() - Date.now()) < 60_000, "it ends now");
      const [{ value } = { value: [0, "0"] }] = await query("count({run='first'})", sent.to);
      assert.ok(Number(value[1]) > 10 && Number(value[1]) <= sent.series);
    });

    it("answers the question of a real dashboard where the names are those of the real system", async () => {
      const sent = await sendSeries(
        await shop.run(options),
        { prometheus: `${database.url}/api/v1/write` },
        {
          nodeLabel: "service",
          names: {
            completions: { name: "http_requests_total", labels: { code: "200" } },
            errors: { name: "http_requests_total", labels: { code: "500" } },
            depth: false,
          },
          labels: { job: "shop" },
        },
      );
      const [rate] = await query('sum(rate(http_requests_total{service="api", job="shop"}[5m]))', sent.to);
      const completions = (await rows("api", "completions")).slice(-30).reduce((sum, [, count]) => sum + count, 0);
      assert.ok(Math.abs(Number(rate!.value[1]) - completions / 300) < 0.5, rate!.value[1]);
      assert.deepEqual(await query('{__name__="simulated_depth", job="shop"}', sent.to), []);
    });

    it("a long run of many nodes comes in the order of time, whatever the size of a request", async () => {
      const long = { ...options, until: "10h", every: "30s" } as const;
      const sent = await sendSeries(
        await shop.run(long),
        { prometheus: `${database.url}/api/v1/write` },
        { labels: { run: "long" }, start: new Date(Date.now() + 1_000) },
      );
      assert.ok(sent.samples > 20_000);
      const all = await query('{run="long"}[11h]', sent.to);
      assert.equal(
        all.reduce((sum, { values }) => sum + values.length, 0),
        sent.samples,
      );
    });

    it("what it refuses is told in its own words, and is not sent again", async () => {
      const run = await shop.run(options);
      await assert.rejects(
        sendSeries(run, { prometheus: `${database.url}/api/v1/write` }, { labels: { run: "first" }, start: 0 }),
        (error: ArchitechError) => error.code === "server-refused" && /out of (bounds|order)/.test(error.message),
      );
    });
  });

  describe("InfluxDB", () => {
    let database: Database;
    before(async function () {
      database = await startInflux(needed(this, "influxd"));
      await fetch(`${database.url}/query?q=${encodeURIComponent("CREATE DATABASE shop")}`, { method: "POST" });
    });
    after(() => database?.stop());

    const query = async (text: string) => {
      const url = `${database.url}/query?db=shop&epoch=ms&q=${encodeURIComponent(text)}`;
      const { results } = (await (await fetch(url)).json()) as {
        results: { series?: { values: [number, number][]; tags?: Record<string, string> }[] }[];
      };
      return results[0]?.series ?? [];
    };

    it("has every sample, with labels as tags whatever is in them", async () => {
      const start = Date.UTC(2026, 0, 31, 8);
      const strange = 'a b, c=d "e" ü C:\\dir';
      const sent = await sendSeries(
        await shop.run(options),
        { influx: `${database.url}/write?db=shop`, measurement: "what if" },
        { start: "2026-01-31T08:00:00Z", labels: { note: strange, empty: "" } },
      );
      assert.deepEqual([sent.from, sent.to], [new Date(start), new Date(start + 600_000)]);
      const completions = await query(`SELECT simulated_completions_total FROM "what if" WHERE node = 'api'`);
      assert.deepEqual(
        completions[0]!.values.map(([t, value]) => [(t - start) / 1000, value]),
        cumulated(await rows("api", "completions")),
      );
      const tags = await query(`SELECT count(*) FROM "what if" GROUP BY note`);
      assert.deepEqual(
        tags.map(({ tags }) => tags),
        [{ note: strange }],
      );
    });

    it("a database that is not there is told in the server's words", async () => {
      await assert.rejects(
        sendSeries(await shop.run(options), { influx: `${database.url}/write?db=none` }),
        (error: ArchitechError) => error.code === "server-refused" && /database not found/.test(error.message),
      );
    });
  });

  describe("any", () => {
    it("is asked again while it is busy", async () => {
      const statuses = [503, 429, 200];
      const server = createServer((request, response) => {
        request.resume().on("end", () => response.writeHead(statuses.shift() ?? 200).end());
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as AddressInfo;
      await sendSeries(await shop.run(options), { influx: `http://127.0.0.1:${port}/write` });
      assert.deepEqual(statuses, []);
      server.close();
    });

    it("wrong names, labels, dates and addresses are refused before anything is sent", async () => {
      const run = await shop.run(options);
      const refused = async (say: RegExp, target: object, more: object = {}) =>
        assert.rejects(
          sendSeries(run, target as never, more as never),
          (error: ArchitechError) => error.code === "invalid-argument" && say.test(error.message),
        );
      const nowhere = { prometheus: "http://127.0.0.1:1/" };
      await refused(/"ftp:\/\/x" is no address/, { influx: "ftp://x" });
      await refused(/password belong in headers/, { influx: "http://a:b@127.0.0.1/" });
      await refused(/"latency.p42" is no column/, nowhere, { names: { "latency.p42": "x" } });
      await refused(/"two words" is no name of a metric/, nowhere, { names: { util: "two words" } });
      await refused(/"__mine" is no name of a label/, nowhere, { labels: { __mine: "1" } });
      await refused(/"some day" is no date/, nowhere, { start: "some day" });
      const without = await shop.run({ ...options, series: false });
      await assert.rejects(
        sendSeries(without, nowhere),
        (error: ArchitechError) => error instanceof ArchitechError && /no series/.test(error.message),
      );
    });
  });
});
