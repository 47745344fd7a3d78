import assert from "node:assert/strict";
import { RunClient, readFrameHeader, type SocketConstructor } from "@architech/protocol";
import { findNatsServer, missing, startNats, stopNats, type TestNats } from "@architech/test-tools";
import { WebSocket } from "ws";
import { streamed, sweep } from "./cluster-contract.js";
import { report, timed } from "./one-bus.js";
import { ask, type Process, Processes, token, until } from "./processes.js";

describe("a cluster that is brought up to date in mid-run", function () {
  this.timeout(120_000);
  let nats: TestNats[] = [];
  let cluster: Processes;

  before(async function () {
    const program = findNatsServer();
    if (typeof program !== "string") missing(this, program.missing);
    nats = await startNats(program, 1);
    cluster = new Processes(nats[0]!.url);
  });
  after(async () => {
    await cluster?.kill();
    await stopNats(nats);
  });

  it("process after process: a reader gets every frame once, and the same bytes", async () => {
    const serve = (role: string): Promise<Process> => cluster.serve(role, "--grace", "1");
    const worker = await cluster.worker();
    const of: Record<string, Process[]> = { runs: await both("runs"), gateway: await both("gateway") };
    async function both(role: string): Promise<Process[]> {
      return Promise.all([serve(role), serve(role)]);
    }
    const knows = async ({ url }: Process): Promise<boolean> => (await ask(url, "GET", "api/runs")).status === 200;
    for (const gateway of of["gateway"]!) await until(() => knows(gateway), "the gateway knows the services");

    /** Connects to whichever gateway is there, as a balancer before them does. */
    let connections = 0;
    const codes = new Set<number>();
    class Balanced extends WebSocket {
      constructor(url: string) {
        const gateways = of["gateway"]!;
        const { host } = new URL(gateways[connections++ % gateways.length]!.url);
        super(Object.assign(new URL(url), { host }));
        this.once("close", (code) => codes.add(code));
      }
    }
    const client = new RunClient({
      url: of["gateway"]![0]!.url,
      token,
      WebSocket: Balanced as unknown as SocketConstructor,
    });
    const wanted = sweep(1_500);
    const { id } = await client.start(wanted);
    let next = 0;
    const read = (async () => {
      const frames: Uint8Array[] = [];
      for await (const frame of client.stream(id)) {
        assert.equal(readFrameHeader(frame).seq, next++);
        frames.push(frame.slice());
      }
      return Buffer.concat(frames);
    })();
    await until(() => next > 20, "rows come");
    const begun = next;

    const [seconds] = await timed(async () => {
      await cluster.worker();
      assert.equal(await worker.end("SIGTERM"), 0);
      for (const role of ["runs", "gateway"])
        for (const old of [...of[role]!]) {
          const young = await serve(role);
          if (role === "gateway") await until(() => knows(young), "the new gateway knows the services");
          of[role] = [...of[role]!.filter((one) => one !== old), young];
          assert.equal(await old.end("SIGTERM"), 0);
        }
    });
    const during = next;
    const bytes = await read;
    report(
      `two services of runs, two gateways and a worker anew in ${seconds} s; ${during - begun} of ${next} frames came meanwhile`,
    );
    assert.ok(bytes.equals(await streamed(wanted)));
    assert.deepEqual(
      [...codes].filter((code) => code !== 1000 && code !== 1012),
      [],
      "none of its connections broke off",
    );
  });
});
