import assert from "node:assert/strict";
import { type ClusterView, parseClusterView } from "@architech/protocol";
import { request } from "../runs/host.js";
import { serve } from "../serving.js";

describe("the view of one process", () => {
  it("shows itself, and what its threads have done", async () => {
    const serving = await serve();
    try {
      const answer = await serving.json("GET", "api/cluster");
      const before = parseClusterView(answer);
      assert.deepEqual(before, answer);
      assert.deepEqual([before.cluster, before.connected, before.lanes], [false, true, []]);
      assert.deepEqual(
        before.services.map(({ roles, url, ready, load }) => ({ roles, url, ready, load })),
        [{ roles: ["all"], url: serving.server.url, ready: true, load: { kernels: 0, streams: 0 } }],
      );
      assert.equal(before.workers[0]?.tasks, 0);
      const { id } = await serving.json<{ id: string }>("POST", "api/runs", request({ cache: false }));
      const isOver = async () => (await serving.json<{ state: string }>("GET", `api/runs/${id}`)).state === "done";
      while (!(await isOver())) await new Promise((resolve) => setTimeout(resolve, 50));
      const [worker] = (await serving.json<ClusterView>("GET", "api/cluster")).workers;
      assert.equal(worker?.busy, 0);
      assert.equal(worker?.tasks, 3);
      assert.ok((worker?.events ?? 0) > 30_000);
    } finally {
      await serving.server.close();
    }
  });
});
