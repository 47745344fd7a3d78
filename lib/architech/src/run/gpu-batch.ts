import { ArchitechError } from "@architech/protocol";
import { meanGap, type RecursionPlan } from "../recursion/plan.js";
import { type Shader, shaderOf } from "../recursion/shader.js";
import { gpuBuckets, shapeOf } from "../recursion/shader-layout.js";
import { layTask, ticksOf, zigguratWords } from "../recursion/shader-words.js";
import { type Compiled, compile } from "../simulation/compile.js";
import { mustBeRecursion } from "../simulation/recursion.js";
import { recursionResult } from "../simulation/recursion-result.js";
import { keyOf, type Task, type TaskResult } from "../simulation/task.js";
import { withGpu } from "./gpu.js";
import { type GpuBuffer, type GpuDevice, type GpuPipeline, mapRead, usage } from "./gpu-port.js";
import type { PlannedTask } from "./plan.js";

/** Bytes of histograms that are counted at once, and tasks. */
const mostBytes = 512 << 20;
const mostTasks = 1 << 17;
/** Requests of a task in the first dispatch, and how long one should take: a display waits meanwhile. */
const firstSteps = 256;
const dispatchMs = 50;

/** A task and the recursion that it is. */
interface Prepared {
  readonly i: number;
  readonly task: Task;
  readonly compiled: Compiled;
  readonly plan: RecursionPlan;
}

interface Pipeline {
  readonly shader: Shader;
  readonly pipeline: GpuPipeline;
}

const pipelines = new WeakMap<GpuDevice, Map<string, Promise<Pipeline>>>();

/** How many tasks of a recursion fit together at most. */
function tasksAtOnce(device: GpuDevice, { layout }: Shader): number {
  const most = Math.min(mostBytes, device.limits["maxStorageBufferBindingSize"]!, device.limits["maxBufferSize"]!);
  return Math.max(
    1,
    Math.min(
      mostTasks,
      Math.floor(most / (4 * Math.max(layout.histograms * gpuBuckets, layout.state, layout.parameters))),
    ),
  );
}

/** Who is told of what happens, and asked whether it shall go on. */
export interface GpuListener {
  given(i: number, result: TaskResult): void;
  /** So much of the time is simulated, of those that are not given yet. */
  shared(share: number): void;
  isStopped(): boolean;
}

/**
 * Simulates tasks on the GPU, as many at once as fit. What a GPU gives depends on which one it is in the last places
 * that 32 bits have.
 */
export async function simulateOnGpu(tasks: readonly PlannedTask[], listener: GpuListener): Promise<void> {
  const groups = new Map<string, { readonly plan: RecursionPlan; readonly of: Prepared[] }>();
  const points = new Map<number, Pick<Prepared, "compiled" | "plan"> & { readonly shape: string }>();
  const breath = new Breath();
  for (const [i, { task, point }] of tasks.entries()) {
    let known = points.get(point);
    if (known === undefined) {
      const compiled = compile(task.model);
      const plan = mustBeRecursion(task.model, compiled);
      known = { compiled, plan, shape: shapeOf(plan) };
      points.set(point, known);
    }
    const { compiled, plan, shape } = known;
    const group = groups.get(shape) ?? { plan, of: [] };
    groups.set(shape, group);
    group.of.push({ i, task, compiled, plan });
    await breath.take();
  }
  await withGpu(async ({ device }) => {
    for (const [shape, { plan, of }] of groups) {
      const { shader, pipeline } = await pipelineOf(device, shape, plan);
      const most = tasksAtOnce(device, shader);
      for (let from = 0; from < of.length && !listener.isStopped(); from += most)
        await checked(device, () => simulateTogether(device, shader, pipeline, of.slice(from, from + most), listener));
    }
  });
}

/** Lets others in this thread have their turn now and then. */
class Breath {
  #last = performance.now();

  async take(): Promise<void> {
    if (performance.now() - this.#last < 20) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#last = performance.now();
  }
}

function pipelineOf(device: GpuDevice, shape: string, plan: RecursionPlan): Promise<Pipeline> {
  let known = pipelines.get(device);
  if (known === undefined) pipelines.set(device, (known = new Map()));
  let made = known.get(shape);
  if (made === undefined) {
    const shader = shaderOf(plan);
    const module = device.createShaderModule({ code: shader.code });
    made = device
      .createComputePipelineAsync({ layout: "auto", compute: { module, entryPoint: "main" } })
      .then((pipeline) => ({ shader, pipeline }));
    known.set(shape, made);
  }
  return made;
}

async function simulateTogether(
  device: GpuDevice,
  { layout }: Shader,
  pipeline: GpuPipeline,
  all: readonly Prepared[],
  { given, shared, isStopped }: GpuListener,
): Promise<void> {
  const count = all.length;
  const parameters = new Uint32Array(layout.parameters * count);
  const state = new Uint32Array(layout.state * count);
  for (const [i, { task, plan }] of all.entries()) {
    const { untilMs, warmupMs } = task.options;
    if (warmupMs === "auto") throw new Error("a GPU finds no warm-up");
    layTask({ plan, key: keyOf(task), warmupMs, untilMs }, layout, { parameters, state, i, count });
  }
  const { storage, copyDst, copySrc, uniform } = usage;
  const buffers: GpuBuffer[] = [];
  const buffer = (bytes: number, use: number): GpuBuffer => {
    const made = device.createBuffer({ size: Math.max(16, bytes), usage: use });
    buffers.push(made);
    return made;
  };
  try {
    const histogramBytes = 4 * layout.histograms * gpuBuckets * count;
    const job = buffer(16, uniform | copyDst);
    const parameterBuffer = buffer(parameters.byteLength, storage | copyDst);
    const stateBuffer = buffer(state.byteLength, storage | copyDst | copySrc);
    const histogramBuffer = buffer(histogramBytes, storage | copySrc);
    const ziggurat = zigguratWords();
    const zigguratBuffer = buffer(ziggurat.byteLength, storage | copyDst);
    const unfinished = buffer(16, storage | copyDst | copySrc);
    const look = buffer(16, usage.mapRead | copyDst);
    device.queue.writeBuffer(parameterBuffer, 0, parameters);
    device.queue.writeBuffer(stateBuffer, 0, state);
    device.queue.writeBuffer(zigguratBuffer, 0, ziggurat);
    const bound = [job, parameterBuffer, stateBuffer, histogramBuffer, zigguratBuffer, unfinished];
    const group = device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: bound.map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
    const groups = Math.ceil(count / 64);
    const expected = Math.max(...all.map(expectedRequests));
    let done = 0;
    for (let steps = firstSteps; ; ) {
      const started = performance.now();
      device.queue.writeBuffer(job, 0, new Uint32Array([count, steps]));
      const encoder = device.createCommandEncoder();
      encoder.clearBuffer(unfinished);
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(Math.min(groups, 65_535), Math.ceil(groups / 65_535));
      pass.end();
      encoder.copyBufferToBuffer(unfinished, 0, look, 0, 16);
      device.queue.submit([encoder.finish()]);
      await look.mapAsync(mapRead);
      const left = new Uint32Array(look.getMappedRange())[0]!;
      look.unmap();
      if (left === 0) break;
      if (isStopped()) return;
      // How far the first has come, by its clock.
      done += steps;
      shared(Math.min(0.99, done / expected));
      const took = performance.now() - started;
      if (took < dispatchMs / 2 && steps < 1 << 20) steps *= 2;
      else if (took > 2 * dispatchMs && steps > 16) steps /= 2;
    }
    const words = await read(device, stateBuffer, state.byteLength, buffer);
    const histograms = await read(device, histogramBuffer, histogramBytes, buffer);
    const breath = new Breath();
    const each = layout.histograms * gpuBuckets;
    for (const [i, prepared] of all.entries()) {
      const { untilMs, warmupMs } = prepared.task.options;
      const result = recursionResult(
        { model: prepared.task.model, untilMs, warmupMs: warmupMs as number },
        prepared.compiled,
        prepared.plan,
        layout,
        { words: strided(words, i, count), histograms: histograms.subarray(i * each, (i + 1) * each) },
        ticksOf(prepared.plan),
      );
      given(prepared.i, result);
      await breath.take();
    }
  } finally {
    for (const each of buffers) each.destroy();
  }
}

/** Does what may meet the limits of the device. Throws `gpu-unavailable` with what the device says of it. */
async function checked(device: GpuDevice, work: () => Promise<void>): Promise<void> {
  device.pushErrorScope("validation");
  device.pushErrorScope("out-of-memory");
  const failed = await work().catch((error: unknown) => ({ error }));
  const refused = [await device.popErrorScope(), await device.popErrorScope()].find((error) => error !== null);
  if (refused !== undefined)
    throw new ArchitechError("gpu-unavailable", `the GPU refused the work: ${refused!.message.split("\n")[0]}`);
  if (failed !== undefined) throw failed.error;
}

async function read(
  device: GpuDevice,
  from: GpuBuffer,
  bytes: number,
  buffer: (bytes: number, use: number) => GpuBuffer,
): Promise<Uint32Array> {
  const to = buffer(bytes, usage.mapRead | usage.copyDst);
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(from, 0, to, 0, bytes);
  device.queue.submit([encoder.finish()]);
  await to.mapAsync(mapRead);
  const words = new Uint32Array(to.getMappedRange()).slice();
  to.unmap();
  return words;
}

/** The words of one task, of words that lie side by side for all of them. */
function strided(words: Uint32Array, i: number, count: number): Uint32Array {
  const own = new Uint32Array(words.length / count);
  for (let k = 0; k < own.length; k++) own[k] = words[k * count + i]!;
  return own;
}

function expectedRequests({ task, plan }: Prepared): number {
  return 1 + task.options.untilMs / meanGap(plan);
}
