import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SimulationRequest } from "#src/experiment/stream-source.js";
import type { ModelDocument } from "#src/model/document.js";
import { RunService, type RunServiceOptions } from "#src/run/run-service.js";

/** The stand-in for the engine. */
export const simulator = new URL("./stand-in.js", import.meta.url).href;

/** A model whose name asks the stand-in for trouble. */
export function troubled(name?: string): ModelDocument {
  return {
    architech: 1,
    ...(name === undefined ? {} : { name }),
    nodes: { api: { kind: "service", threads: 2, ops: { get: [{ do: "cpu", time: "8ms" }] } } },
    traffic: { to: "api", rate: "100rps", mix: { get: 1 } },
  };
}

/** A request of two points and three replications, changed as wanted. */
export function request(
  model: ModelDocument = troubled(),
  options: Partial<SimulationRequest["options"]> = {},
): SimulationRequest {
  return {
    version: 1,
    kind: "sweep",
    model,
    points: [
      { key: { threads: 2 }, change: {} },
      { key: { threads: 4 }, change: { api: { threads: 4 } } },
    ],
    options: { until: "20s", warmup: "1s", runs: 3, seed: 7, every: "1s", confidence: 0.95, ...options },
  };
}

/** Folders and services that are gone after the tests of a suite. */
export class Workplace {
  readonly #services: RunService[] = [];
  readonly #folders: string[] = [];

  async folder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "architech-test-"));
    this.#folders.push(folder);
    return folder;
  }

  /** A service with the stand-in for its engine. */
  async service(options: Partial<RunServiceOptions> = {}): Promise<RunService> {
    const service = await RunService.open({
      folder: await this.folder(),
      simulator,
      workers: 2,

      ...options,
    });
    this.#services.push(service);
    return service;
  }

  async clear(): Promise<void> {
    for (const service of this.#services.splice(0)) await service.close();
    for (const folder of this.#folders.splice(0)) await rm(folder, { recursive: true, force: true });
  }
}

/** All bytes of a run's stream, once it is over. */
export async function bytesOf(service: RunService, id: string): Promise<Buffer> {
  const frames: Uint8Array[] = [];
  for await (const frame of service.frames(id)) frames.push(frame);
  return Buffer.concat(frames);
}
