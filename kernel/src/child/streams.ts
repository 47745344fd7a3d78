import { StringDecoder } from "node:string_decoder";
import type { StreamName } from "../process/messages.js";
import type { Reporter } from "./reporter.js";

/** Sends what the process writes to its standard streams as reports, in order with everything else. */
export function captureStreams(reporter: Reporter): void {
  capture(reporter, "stdout", process.stdout);
  capture(reporter, "stderr", process.stderr);
}

function capture(reporter: Reporter, name: StreamName, stream: NodeJS.WriteStream): void {
  const decoder = new StringDecoder("utf8");
  type Done = (error?: Error | null) => void;
  stream.write = (chunk: Uint8Array | string, encoding?: BufferEncoding | Done, done?: Done): boolean => {
    const callback = typeof encoding === "function" ? encoding : done;
    const bytes = typeof chunk === "string" && typeof encoding === "string" ? Buffer.from(chunk, encoding) : chunk;
    reporter.stream(name, typeof bytes === "string" ? bytes : decoder.write(Buffer.from(bytes)));
    if (callback) process.nextTick(callback);
    return true;
  };
}
