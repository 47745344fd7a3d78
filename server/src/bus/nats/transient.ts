import { ArchitechError } from "@architech/protocol";
import { JetStreamApiError, JetStreamError } from "@nats-io/jetstream";
import { errors } from "@nats-io/transport-node";

/** Numbers of errors in NATS's API, https://github.com/nats-io/nats-server/blob/main/server/errors.json. */
export const apiCodes = {
  duplicateInProcess: 10158,
  insufficientStorage: 10047,
  insufficientResources: 10023,
  streamExists: 10058,
  wrongLastSequence: 10071,
  wrongLastSequenceUnknown: 10164,
} as const;

const full: readonly number[] = [apiCodes.insufficientStorage, apiCodes.insufficientResources];

/** No server, no leader or no answer: worth another try. */
export function isTransient(error: unknown): boolean {
  if (error instanceof JetStreamApiError)
    return (error.status >= 500 && !full.includes(error.code)) || error.code === apiCodes.duplicateInProcess;
  if (error instanceof Again) return true;
  return (
    error instanceof errors.TimeoutError ||
    error instanceof errors.NoRespondersError ||
    error instanceof errors.RequestError ||
    error instanceof errors.ConnectionError ||
    error instanceof errors.ClosedConnectionError ||
    error instanceof errors.DrainingConnectionError ||
    // "JetStream is not enabled" is how the client calls an answer by nobody, which is also that of a stream without a leader.
    (error as Error)?.name === "JetStreamNotEnabled" ||
    error instanceof JetStreamError
  );
}

/** Asks for another try: what was read is not all there yet. */
export class Again extends Error {}

/** A full store has a code of ours; the rest stays as it is. */
export function storageErrorOf(what: string, error: unknown): unknown {
  if (error instanceof JetStreamApiError) {
    if (full.includes(error.code) || /maximum bytes exceeded|insufficient/i.test(error.message))
      return new ArchitechError("storage-full", `${what}: NATS has no more space: ${error.message}`, { cause: error });
    return new ArchitechError("storage-failed", `${what}: ${error.message}`, { cause: error });
  }
  return error;
}

/** Whether a write named a last sequence that is not the last. */
export function isWrongSequence(error: unknown): boolean {
  return (
    error instanceof JetStreamApiError &&
    (error.code === apiCodes.wrongLastSequence || error.code === apiCodes.wrongLastSequenceUnknown)
  );
}
