/** Every code that an error of Architech can carry. Each is described in docs/errors.md; a test holds the two together. */
export const errorCodes = [
  "bad-frame",
  "bad-message",
  "bad-run-request",
  "body-malformed",
  "body-too-large",
  "bound-reached",
  "bus-closed",
  "bus-in-use",
  "bus-name-invalid",
  "bus-no-responder",
  "bus-timeout",
  "bus-unreachable",
  "change-invalid",
  "checkpoint-refused",
  "custom-failed",
  "custom-missing",
  "cycle-endless",
  "data-not-writable",
  "document-changed",
  "document-exists",
  "document-invalid",
  "document-not-found",
  "gpu-missing",
  "gpu-unavailable",
  "host-refused",
  "internal",
  "invalid-argument",
  "kernel-not-found",
  "kernel-not-started",
  "kernelspec-not-found",
  "lab-not-built",
  "log-conflict",
  "log-deleted",
  "login-required",
  "manifest-invalid",
  "message-newer",
  "message-too-large",
  "model-invalid",
  "model-too-large",
  "name-invalid",
  "node-duplicate",
  "node-saturated",
  "node-unknown",
  "not-a-recursion",
  "not-found",
  "notebook-corrupt",
  "operation-unknown",
  "origin-refused",
  "overloaded",
  "path-refused",
  "port-taken",
  "reader-stalled",
  "remote-refused",
  "root-missing",
  "run-cancelled",
  "run-exists",
  "run-interrupted",
  "run-not-found",
  "server-refused",
  "server-unreachable",
  "service-timeout",
  "service-unavailable",
  "session-not-found",
  "settings-invalid",
  "shutting-down",
  "state-conflict",
  "storage-failed",
  "storage-full",
  "task-failed",
  "too-many-requests",
  "too-many-runs",
  "trace-invalid",
  "unit-invalid",
  "unknown-metric",
  "user-refused",
  "wiring-invalid",
  "worker-crashed",
  "workspace-invalid",
  "xsrf-mismatch",
] as const;

/** A stable name for one way in which something can be wrong. */
export type ErrorCode = (typeof errorCodes)[number];

/** An error with a stable code and a lower-case message that names the value and says what would be right. */
export class ArchitechError extends Error {
  readonly code: ErrorCode;
  /** Where in the input the value stands, as names from the outside in: `["nodes", "api", "replicas"]`. */
  readonly path: readonly (string | number)[];

  constructor(
    code: ErrorCode,
    message: string,
    options: { path?: readonly (string | number)[]; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "ArchitechError";
    this.code = code;
    this.path = options.path ?? [];
  }

  /** What crosses a wire. */
  toJSON(): { code: ErrorCode; message: string; path: readonly (string | number)[] } {
    return { code: this.code, message: this.message, path: this.path };
  }
}
