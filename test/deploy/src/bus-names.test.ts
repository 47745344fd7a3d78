import assert from "node:assert/strict";
import { tasks } from "../../../deploy/build/scalers.js";
import type { Bus, QueueOptions } from "../../../server/dist/bus/bus.js";
import { queueStream } from "../../../server/dist/bus/nats/nats-queue.js";
import { ClusterBus } from "../../../server/dist/cluster/cluster-bus.js";

describe("the scaler of the workers", () => {
  it("looks at the stream of the tasks and at a consumer of each of its lanes", () => {
    const queues: [string, QueueOptions][] = [];
    // All that a ClusterBus does with a bus is to name what it keeps on it.
    const bus = {
      queue: (name: string, options: QueueOptions) => queues.push([name, options]),
      state: () => undefined,
      objects: () => undefined,
      logs: () => undefined,
    };
    new ClusterBus(bus as unknown as Bus);
    const [[name, { lanes }]] = queues as [[string, QueueOptions]];
    assert.equal(queueStream("architech", name), tasks.stream);
    assert.deepEqual(
      lanes.map((lane) => lane.name),
      Object.keys(tasks.lanes),
    );
  });
});
