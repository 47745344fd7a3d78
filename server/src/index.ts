export type { Checkpoint, Checkpoints, Content, Documents, Entry, WriteOptions } from "./contents/documents.js";
export { FileDocuments } from "./contents/files/file-documents.js";
export { findLab, type LabBuild } from "./lab/build.js";
export { type Log, type LogFields, silentLog } from "./log.js";
export type { Limits, ServerOptions } from "./options.js";
export { type ArchitechServer, startServer } from "./server.js";
export { type LogFormat, type LogLevel, type StderrLogOptions, stderrLog } from "./stderr-log.js";
export type { Span, SpanAttributes, SpanOptions, Tracing } from "./tracing/tracing.js";
