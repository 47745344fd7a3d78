import {
  ArchitechError,
  field,
  integerField,
  packMessage,
  record,
  requestLimits,
  requestSizes,
  unpackMessage,
} from "@architech/protocol";
import { Cut } from "architech/host";

/** A cut as bytes. */
export function packCut({ parts, of, latencies }: Cut): Uint8Array {
  return packMessage({ parts, names: [...of.keys()], of: [...of.values()], latencies: [...latencies] });
}

/** Reads a cut. Throws `bad-message`. */
export function unpackCut(bytes: Uint8Array): Cut {
  const from = record(unpackMessage(bytes, requestLimits), "a cut");
  const parts = integerField(from, "parts");
  if (parts < 2 || parts > requestSizes.maxParts) throw bad(`a cut has 2 to ${requestSizes.maxParts} parts`);
  const [names, of, latencies] = [list(from, "names"), list(from, "of"), list(from, "latencies")];
  if (of.length !== names.length || !names.every((name) => typeof name === "string"))
    throw bad("a cut says of each name in which part it is");
  if (!of.every((part) => Number.isInteger(part) && (part as number) >= 0 && (part as number) < parts))
    throw bad(`a name is in one of ${parts} parts`);
  // What takes no time cannot be cut.
  if (latencies.length !== parts * parts || !latencies.every((least) => typeof least === "number" && least > 0))
    throw bad("a cut has a least latency from each part to each");
  return new Cut(
    parts,
    new Map(names.map((name, i) => [name as string, of[i] as number])),
    Float64Array.from(latencies as number[]),
  );
}

function list(from: Readonly<Record<string, unknown>>, name: string): readonly unknown[] {
  const value = field(from, name);
  if (!Array.isArray(value)) throw bad(`"${name}" is a list`);
  return value as unknown[];
}

function bad(message: string): ArchitechError {
  return new ArchitechError("bad-message", message);
}
