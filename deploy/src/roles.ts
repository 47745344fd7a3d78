/** A role of the cluster: what one of its pods needs, and how many there are. */
export interface Role {
  readonly name: RoleName;
  /** After `architech`; `$(POD_IP)` is the pod's own address. */
  readonly args: readonly string[];
  /** Whether others call it; a worker only answers for its health and its metrics. */
  readonly serves: boolean;
  /** Keys of the secret that it gets. */
  readonly secrets: readonly Secret[];
  /** Absent where a scaler decides. */
  readonly replicas?: number;
  readonly requests: Resources;
  readonly limits: Resources;
  /** Sizes of what it may write: its data folder, and /tmp. */
  readonly scratch: { readonly data: string; readonly tmp: string };
  /** What it may take to end once it is told to, s. */
  readonly terminationGraceS: number;
  /** Pods that a drain of nodes may take away at once. */
  readonly maxUnavailable: number | string;
  /** Whether a pod that is not ready still holds what no other has; any other such pod holds no drain up. */
  readonly irreplaceable?: true;
}

export type RoleName = "gateway" | "documents" | "kernels" | "runs" | "worker";

export type Secret = "ARCHITECH_TOKEN" | "ARCHITECH_BUS" | "ARCHITECH_MONGO_URL";

interface Resources {
  readonly cpu: string;
  readonly memory: string;
}

/** The port of every role. */
export const port = 8888;
/** How long a role goes on to serve after SIGTERM, not ready, s. */
export const graceS = 20;
/** How long a pod waits before SIGTERM, so that proxies have heard that it goes, s. */
export const preStopS = 5;

const serve = (role: RoleName, ...more: string[]): string[] => [
  "serve",
  "--role",
  role,
  "--ip",
  "0.0.0.0",
  "--allow-remote",
  "--port",
  `${port}`,
  "--advertise",
  `http://$(POD_IP):${port}/`,
  "--grace",
  `${graceS}`,
  ...more,
];

// 5 s before SIGTERM, 20 s of grace, and 15 s to close what is left.
const served = { serves: true, terminationGraceS: 40, maxUnavailable: 1 } as const;

/** The roles of a cluster; `host` is the name under which browsers reach its gateway. */
export const rolesOf = (host: string): readonly Role[] => [
  {
    ...served,
    name: "gateway",
    args: serve("gateway", "--allow-host", host),
    secrets: ["ARCHITECH_TOKEN", "ARCHITECH_BUS"],
    requests: { cpu: "250m", memory: "256Mi" },
    limits: { cpu: "1", memory: "512Mi" },
    scratch: { data: "256Mi", tmp: "256Mi" },
  },
  {
    ...served,
    name: "documents",
    args: serve("documents"),
    secrets: ["ARCHITECH_TOKEN", "ARCHITECH_BUS", "ARCHITECH_MONGO_URL"],
    requests: { cpu: "250m", memory: "384Mi" },
    limits: { cpu: "1", memory: "768Mi" },
    // Uploads on their way in: files of up to 128 MiB and more in chunks.
    scratch: { data: "2Gi", tmp: "256Mi" },
  },
  {
    ...served,
    name: "kernels",
    args: serve("kernels"),
    secrets: ["ARCHITECH_TOKEN", "ARCHITECH_BUS"],
    // A kernel's variables are in its process, and none moves: so no scaler takes its pod away.
    replicas: 3,
    irreplaceable: true,
    requests: { cpu: "1", memory: "4Gi" },
    limits: { cpu: "4", memory: "8Gi" },
    scratch: { data: "4Gi", tmp: "1Gi" },
  },
  {
    ...served,
    name: "runs",
    args: serve("runs"),
    secrets: ["ARCHITECH_TOKEN", "ARCHITECH_BUS"],
    requests: { cpu: "500m", memory: "512Mi" },
    limits: { cpu: "2", memory: "1Gi" },
    scratch: { data: "1Gi", tmp: "256Mi" },
  },
  {
    name: "worker",
    args: ["worker", "--threads", "2", "--ip", "0.0.0.0", "--port", `${port}`],
    serves: false,
    secrets: ["ARCHITECH_BUS"],
    requests: { cpu: "2", memory: "1Gi" },
    limits: { cpu: "2", memory: "2Gi" },
    scratch: { data: "256Mi", tmp: "256Mi" },
    // It ends what it has begun; killed, others begin that again.
    terminationGraceS: 120,
    maxUnavailable: "50%",
  },
];
