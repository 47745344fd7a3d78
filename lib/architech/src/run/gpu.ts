import { ArchitechError } from "@architech/protocol";
import type { Gpu, GpuAdapter, GpuDevice } from "./gpu-port.js";

/** A GPU as long as it is used. */
export interface OpenGpu {
  /** As a person reads it. */
  readonly name: string;
  readonly device: GpuDevice;
  /** The device lives as long as this is referred to. */
  readonly gpu: Gpu;
}

/** The package, unless ARCHITECH_WEBGPU names another file that has it. */
const packageName = "webgpu";
const wantedLimits = ["maxBufferSize", "maxStorageBufferBindingSize"] as const;
/** How long it is kept for the next who uses it: a process cannot end before it is let go. */
const keptMs = 300;

let opened: Promise<OpenGpu> | undefined;
let users = 0;

/**
 * Works with the GPU of this machine, which is opened for the first and let go some time after the last. Throws
 * `gpu-missing` where npm's `webgpu` cannot be loaded, and `gpu-unavailable` where it finds no adapter.
 */
export async function withGpu<T>(work: (gpu: OpenGpu) => Promise<T>): Promise<T> {
  users++;
  opened ??= open();
  const mine = opened;
  try {
    return await work(await mine);
  } catch (error) {
    // What failed once, to be opened or later, is opened anew.
    if (opened === mine) letGo();
    throw error;
  } finally {
    users--;
    setTimeout(() => {
      if (users === 0 && opened === mine) letGo();
    }, keptMs).unref();
  }
}

function letGo(): void {
  const before = opened;
  opened = undefined;
  void before?.then(
    ({ device }) => device.destroy(),
    () => {},
  );
}

async function open(): Promise<OpenGpu> {
  const gpu = await load();
  const adapter = await adapterOf(gpu);
  const requiredLimits = Object.fromEntries(wantedLimits.map((limit) => [limit, adapter.limits[limit]!]));
  const device = await adapter.requestDevice({ requiredLimits });
  const { vendor, architecture, description } = adapter.info;
  return { name: description || `${vendor} ${architecture}`.trim() || "a GPU", device, gpu };
}

async function load(): Promise<Gpu> {
  const name = process.env["ARCHITECH_WEBGPU"] || packageName;
  try {
    const { create } = (await import(name)) as { create: (flags: readonly string[]) => Gpu };
    return create([]);
  } catch (cause) {
    throw new ArchitechError(
      "gpu-missing",
      `device "gpu" needs npm's package webgpu, which cannot be loaded from "${name}" (${firstLine(cause)}): npm install webgpu`,
      { path: ["options", "device"], cause },
    );
  }
}

async function adapterOf(gpu: Gpu): Promise<GpuAdapter> {
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (adapter !== null) return adapter;
  throw new ArchitechError(
    "gpu-unavailable",
    'device "gpu" finds no adapter: there is no GPU, or no driver for it (Vulkan, Metal, Direct3D 12); device "cpu" gives the same',
    { path: ["options", "device"] },
  );
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0]!;
}
