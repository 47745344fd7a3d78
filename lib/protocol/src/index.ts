export { type Backoff, defaultBackoff, pause, pauseMs } from "./backoff.js";
export {
  type ClusterView,
  type LaneView,
  parseClusterView,
  type ServiceLoad,
  type ServiceView,
  type WorkerView,
} from "./cluster-view.js";
export {
  type ClientMessage,
  controlKind,
  decodeClientMessage,
  decodeServerMessage,
  encodeControl,
  type Progress,
  type ServerMessage,
  type Thinned,
} from "./control.js";
export { ArchitechError, type ErrorCode, errorCodes } from "./errors.js";
export { type Fields, field, integerField, numberField, optionalField, record, textField } from "./fields.js";
export {
  encodeFrame,
  type FrameHeader,
  frameBody,
  frameFlags,
  frameHeaderBytes,
  frameKind,
  isSchemaFrame,
  isThinnedFrame,
  readFrameHeader,
  type TableName,
  tableNumbers,
  writeFrameHeader,
} from "./frame.js";
export { joinParts, joinWithHead, splitParts, splitWithHead } from "./joined.js";
export { packMessage, unpackMessage } from "./message-pack.js";
export { controlLimits, type MessagePackLimits, requestLimits } from "./message-pack-check.js";
export {
  errorFrom,
  isFinal,
  parseRunInfo,
  parseRunParts,
  parseWireError,
  type RunInfo,
  type RunParts,
  type RunState,
  type WireError,
} from "./run.js";
export { RunClient, type RunClientOptions, type StreamOptions } from "./run-client.js";
export {
  isRunId,
  parseRunRequest,
  type RequestBounds,
  type RequestOptions,
  type RequestParts,
  type RequestPoint,
  type RunRequest,
  requestSizes,
} from "./run-request.js";
export type { SocketConstructor, SocketLike } from "./stream-connection.js";
