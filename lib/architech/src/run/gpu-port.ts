// What is used of WebGPU (https://www.w3.org/TR/webgpu/), so that no package of types is needed.

export interface GpuBuffer {
  mapAsync(mode: number): Promise<void>;
  getMappedRange(): ArrayBuffer;
  unmap(): void;
  destroy(): void;
}

export interface GpuPipeline {
  getBindGroupLayout(index: number): object;
}

interface GpuPass {
  setPipeline(pipeline: GpuPipeline): void;
  setBindGroup(index: number, group: object): void;
  dispatchWorkgroups(x: number, y?: number): void;
  end(): void;
}

interface GpuEncoder {
  beginComputePass(): GpuPass;
  copyBufferToBuffer(from: GpuBuffer, at: number, to: GpuBuffer, to_: number, size: number): void;
  clearBuffer(buffer: GpuBuffer): void;
  finish(): object;
}

export interface GpuDevice {
  readonly limits: Readonly<Record<string, number>>;
  readonly lost: Promise<{ readonly message: string }>;
  readonly queue: {
    submit(commands: readonly object[]): void;
    writeBuffer(buffer: GpuBuffer, at: number, data: ArrayBufferView<ArrayBuffer>): void;
  };
  createBuffer(of: { size: number; usage: number }): GpuBuffer;
  createShaderModule(of: { code: string }): object;
  createComputePipelineAsync(of: {
    layout: "auto";
    compute: { module: object; entryPoint: string };
  }): Promise<GpuPipeline>;
  createBindGroup(of: {
    layout: object;
    entries: readonly { binding: number; resource: { buffer: GpuBuffer } }[];
  }): object;
  createCommandEncoder(): GpuEncoder;
  pushErrorScope(filter: "validation" | "out-of-memory"): void;
  popErrorScope(): Promise<{ readonly message: string } | null>;
  destroy(): void;
}

export interface GpuAdapter {
  readonly info: { readonly vendor: string; readonly architecture: string; readonly description: string };
  readonly limits: Readonly<Record<string, number>>;
  requestDevice(of: { requiredLimits: Record<string, number> }): Promise<GpuDevice>;
}

export interface Gpu {
  requestAdapter(of: { powerPreference: "high-performance" }): Promise<GpuAdapter | null>;
}

/** What buffers are for, and how they are mapped (the constants of the standard). */
export const usage = { mapRead: 1, copySrc: 4, copyDst: 8, uniform: 64, storage: 128 } as const;
export const mapRead = 1;
