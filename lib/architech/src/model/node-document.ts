import type { GatewayDocument } from "./balance-document.js";
import type { CacheDocument } from "./cache-document.js";
import type { DatabaseDocument } from "./database-document.js";
import type { JobDocument } from "./job-document.js";
import type { LogDocument, QueueDocument, TopicDocument, WorkerDocument } from "./messaging-document.js";
import type { PolicyDocument } from "./policy-document.js";
import type { ServiceDocument } from "./service-document.js";

export type NodeDocument =
  | ServiceDocument
  | GatewayDocument
  | DatabaseDocument
  | CacheDocument
  | QueueDocument
  | LogDocument
  | TopicDocument
  | WorkerDocument
  | JobDocument
  | PolicyDocument;
