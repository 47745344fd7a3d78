import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalBus } from "#src/bus/local/local-bus.js";
import { clusterContract } from "./cluster-contract.js";

clusterContract("the bus of one process", async () => {
  const folder = await mkdtemp(join(tmpdir(), "architech-test-"));
  const bus = await LocalBus.open({ folder });
  return {
    connect: async () => bus,
    async close() {
      await bus.close();
      await rm(folder, { recursive: true });
    },
  };
});
