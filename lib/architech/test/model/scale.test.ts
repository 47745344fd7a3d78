import assert from "node:assert/strict";
import { hpa, keda, model, queue, schedule, service, worker } from "#src/index.js";

const jobs = queue();
const api = service({ threads: 8, ops: { go: [jobs.put()] } });
const nodes = { api, jobs };
const traffic = { to: api, rate: "1rps" } as const;

/** The settings of a scaled worker, as a document has them. */
function written(scale: ReturnType<typeof hpa>): unknown {
  const mailer = worker({ takes: jobs, work: "1s", scale });
  const { nodes: found } = model({ ...nodes, mailer }, traffic).toJSON();
  return (found["mailer"] as { scale?: unknown }).scale;
}

describe("what scales a node", () => {
  it("hpa() is data, with shares as numbers and the names of queues", () => {
    const scale = hpa({
      max: 5,
      target: { cpu: "60%", queue: { of: jobs, average: 20 } },
      up: { stabilization: "30s", tolerance: "5%" },
      tolerance: "20%",
      startup: "20s",
    });
    assert.deepEqual(written(scale), {
      by: "hpa",
      max: 5,
      target: { cpu: 0.6, queue: { of: "jobs", average: 20 } },
      up: { stabilization: "30s", tolerance: 0.05 },
      tolerance: 0.2,
      startup: "20s",
    });
    assert.throws(() => hpa({ max: 5, target: { cpu: "160%" } }), /"160%" is not a ratio/);
  });

  it("keda() reads the queue that its worker takes from, unless it is told another", () => {
    assert.deepEqual(written(keda({ lag: 20 })), { by: "keda", lag: 20 });
    assert.deepEqual(written(keda({ lag: 20, cpu: "50%", queue: jobs })), {
      by: "keda",
      lag: 20,
      cpu: 0.5,
      queue: "jobs",
    });
    assert.throws(
      () => written(keda({ lag: 20, queue: queue() })),
      /mailer.scale.queue is a queue that the model does not list/,
    );
  });

  it("schedule() has replicas, or the size of each, from a time on", () => {
    assert.deepEqual(
      written(
        schedule(
          [
            ["0h", 2],
            ["8h", { threads: 4 }],
          ],
          { repeat: "24h" },
        ),
      ),
      {
        by: "schedule",
        steps: [
          { at: "0h", replicas: 2 },
          { at: "8h", threads: 4 },
        ],
        repeat: "24h",
      },
    );
  });

  it("in a scenario names its queue", () => {
    const mailer = worker({ takes: jobs, work: "1s" });
    const fixed = model({ ...nodes, mailer }, traffic);
    const changed = fixed.with({ mailer: { scale: hpa({ max: 5, target: { queue: { of: "jobs", value: 9 } } }) } });
    assert.deepEqual((changed.toJSON().nodes["mailer"] as { scale?: unknown }).scale, {
      by: "hpa",
      max: 5,
      target: { queue: { of: "jobs", value: 9 } },
    });
  });
});
