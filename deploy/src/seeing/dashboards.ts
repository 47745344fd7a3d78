import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { promptS } from "./objectives.js";
import { panelOf, type Shown, source } from "./panels.js";

/** Panels under one heading. */
interface Row {
  readonly title: string;
  readonly panels: readonly Shown[];
}

const chosen = 'job="architech",role=~"$role",instance=~"$instance"';
const window = "[$__rate_interval]";
const entry = 'role=~"gateway|all"';

const perSecond = (series: string, labels: string, by: string): string =>
  `sum by (${by}) (rate(${series}{${labels}}${window}))`;
const quantile = (q: number, labels: string, by: string): string =>
  `histogram_quantile(${q}, sum by (le, ${by}) (rate(architech_http_request_seconds_bucket{${labels}}${window})))`;

const processes: readonly Row[] = [
  {
    title: "Processes",
    panels: [
      {
        title: "Ready",
        description: "Processes that can be given work, by role.",
        unit: "short",
        queries: [[`sum by (role) (architech_ready{${chosen}})`, "{{role}}"]],
        stat: true,
      },
      {
        title: "Not ready",
        description: "Processes that answer and are not ready.",
        unit: "short",
        queries: [[`sum(1 - architech_ready{${chosen}})`, "not ready"]],
        stat: true,
      },
      {
        title: "On the bus",
        description: "Processes that reach the bus.",
        unit: "short",
        queries: [[`sum(architech_bus_connected{${chosen}})`, "connected"]],
        stat: true,
      },
    ],
  },
  {
    title: "What they use",
    panels: [
      {
        title: "CPU",
        description: "Cores in use.",
        unit: "short",
        queries: [[perSecond("process_cpu_seconds_total", chosen, "role, instance"), "{{role}} {{instance}}"]],
      },
      {
        title: "Memory",
        description: "Resident memory.",
        unit: "bytes",
        queries: [[`process_resident_memory_bytes{${chosen}}`, "{{role}} {{instance}}"]],
      },
      {
        title: "Event loop",
        description: "By how much the event loop is late, 99th percentile between two scrapes.",
        unit: "s",
        queries: [[`nodejs_eventloop_lag_p99_seconds{${chosen}}`, "{{role}} {{instance}}"]],
      },
      {
        title: "Garbage collection",
        description: "Share of the time.",
        unit: "percentunit",
        queries: [[perSecond("nodejs_gc_duration_seconds_sum", chosen, "role, instance"), "{{role}} {{instance}}"]],
      },
      {
        title: "Network, clients",
        description: "Bytes from clients and to them.",
        unit: "Bps",
        queries: [[perSecond("architech_network_bytes_total", chosen, "role, direction"), "{{role}} {{direction}}"]],
      },
      {
        title: "Network, bus",
        description: "Bytes from the bus and to it.",
        unit: "Bps",
        queries: [[perSecond("architech_bus_bytes_total", chosen, "role, direction"), "{{role}} {{direction}}"]],
      },
      {
        title: "Connections",
        description: "Connections of clients.",
        unit: "short",
        queries: [[`sum by (role) (architech_connections{${chosen}})`, "{{role}}"]],
      },
      {
        title: "Files",
        description: "Open file descriptors, of those allowed.",
        unit: "percentunit",
        queries: [[`process_open_fds{${chosen}} / process_max_fds{${chosen}}`, "{{role}} {{instance}}"]],
      },
      {
        title: "Disk",
        description: "Free share of the disk that the data folder is on.",
        unit: "percentunit",
        queries: [
          [
            `architech_disk_bytes{${chosen},state="free"} / ignoring(state) architech_disk_bytes{${chosen},state="all"}`,
            "{{role}} {{instance}}",
          ],
        ],
      },
    ],
  },
  {
    title: "Requests",
    panels: [
      {
        title: "Requests",
        description: "Requests a second.",
        unit: "reqps",
        queries: [[perSecond("architech_http_request_seconds_count", chosen, "role, api"), "{{role}} {{api}}"]],
      },
      {
        title: "Time, p99",
        description: "99th percentile of the time to the end of an answer.",
        unit: "s",
        queries: [[quantile(0.99, chosen, "role, api"), "{{role}} {{api}}"]],
      },
      {
        title: "Errors",
        description: "Requests answered with an error, by its code.",
        unit: "reqps",
        queries: [[perSecond("architech_errors_total", chosen, "role, code"), "{{role}} {{code}}"]],
      },
    ],
  },
];

const gateways: readonly Row[] = [
  {
    title: "What users see",
    panels: [
      {
        title: "Requests",
        description: "Requests a second.",
        unit: "reqps",
        queries: [[`sum(rate(architech_http_request_seconds_count{${entry}}${window}))`, "requests"]],
        stat: true,
      },
      {
        title: "Errors of ours",
        description: "Share of requests that were answered with a status of 500 or more, over an hour.",
        unit: "percentunit",
        queries: [["architech:errors:ratio_rate1h", "errors"]],
        stat: true,
      },
      {
        title: "Slow",
        description: `Share of reads that took longer than ${promptS} s, over an hour.`,
        unit: "percentunit",
        queries: [["architech:slow:ratio_rate1h", "slow"]],
        stat: true,
      },
      {
        title: "Being answered",
        description: "Requests that are being answered.",
        unit: "short",
        queries: [[`sum(architech_http_requests_open{${entry}})`, "open"]],
        stat: true,
      },
      {
        title: "WebSockets",
        description: "WebSockets that are open.",
        unit: "short",
        queries: [[`sum(architech_sockets{${entry}})`, "open"]],
        stat: true,
      },
    ],
  },
  {
    title: "Requests",
    panels: [
      {
        title: "By status",
        description: "Requests a second.",
        unit: "reqps",
        queries: [[perSecond("architech_http_request_seconds_count", entry, "status"), "{{status}}"]],
      },
      {
        title: "By what is asked for",
        description: "Requests a second.",
        unit: "reqps",
        queries: [[perSecond("architech_http_request_seconds_count", entry, "method, api"), "{{method}} {{api}}"]],
      },
      {
        title: "Errors by code",
        description: "Errors a second; too-many-requests are users at their limits.",
        unit: "reqps",
        queries: [[perSecond("architech_errors_total", entry, "code"), "{{code}}"]],
      },
      {
        title: "Time",
        description: "Percentiles of the time to the end of an answer.",
        unit: "s",
        queries: [0.5, 0.9, 0.99].map((q) => [
          `histogram_quantile(${q}, sum by (le) (rate(architech_http_request_seconds_bucket{${entry}}${window})))`,
          `p${q * 100}`,
        ]),
      },
      {
        title: "Time by what is asked for, p99",
        description: "99th percentile of the time to the end of an answer.",
        unit: "s",
        queries: [[quantile(0.99, entry, "api"), "{{api}}"]],
      },
      {
        title: "WebSockets",
        description: "Channels of kernels, streams of runs and the like.",
        unit: "short",
        queries: [[`sum by (kind) (architech_sockets{${entry}})`, "{{kind}}"]],
      },
    ],
  },
  {
    title: "Services behind them",
    panels: [
      {
        title: "Services",
        description: "Services that the gateways know, and whether they lead new requests to them.",
        unit: "short",
        queries: [["max by (service, state) (architech_gateway_services)", "{{service}} {{state}}"]],
      },
      {
        title: "Failures",
        description: "Services that did not answer a gateway, by how they did not.",
        unit: "short",
        queries: [[`sum by (how) (rate(architech_gateway_failures_total${window}))`, "{{how}}"]],
      },
      {
        title: "Second tries",
        description: "Requests a second that were led to a second service; a budget bounds them.",
        unit: "reqps",
        queries: [[`sum(rate(architech_gateway_retries_total${window}))`, "second tries"]],
      },
      {
        title: "Kernels",
        description: "Kernels that run, by service.",
        unit: "short",
        queries: [["architech_kernels", "{{instance}}"]],
      },
    ],
  },
];

const runs: readonly Row[] = [
  {
    title: "Now",
    panels: [
      {
        title: "Runs",
        description: "Runs that are not over, by state.",
        unit: "short",
        queries: [["max by (state) (architech_runs)", "{{state}}"]],
        stat: true,
      },
      {
        title: "Tasks left",
        description: "Tasks of those runs that are not done.",
        unit: "short",
        queries: [["max(architech_tasks_left)", "tasks"]],
        stat: true,
      },
      {
        title: "Workers",
        description: "Workers of the cluster.",
        unit: "short",
        queries: [["max(architech_workers)", "workers"]],
        stat: true,
      },
      {
        title: "Threads",
        description: "Threads of the workers.",
        unit: "short",
        queries: [["max(architech_worker_threads)", "threads"]],
        stat: true,
      },
      {
        title: "Events a second",
        description: "Events that are simulated.",
        unit: "short",
        queries: [[`sum(rate(architech_events_total${window}))`, "events"]],
        stat: true,
      },
      {
        title: "Readers",
        description: "Streams of runs that are being read.",
        unit: "short",
        queries: [["sum(architech_streams)", "streams"]],
        stat: true,
      },
    ],
  },
  {
    title: "The queue",
    panels: [
      {
        title: "Chunks",
        description: "Chunks of tasks on the bus, by lane: waiting, or taken by a worker.",
        unit: "short",
        queries: [["max by (lane, state) (architech_queue_chunks)", "{{lane}} {{state}}"]],
      },
      {
        title: "Age",
        description: "How long the oldest chunk has been there.",
        unit: "s",
        queries: [["max by (lane) (architech_queue_oldest_seconds)", "{{lane}}"]],
      },
      {
        title: "Ends",
        description: "Runs that ended, by how.",
        unit: "short",
        queries: [[`sum by (state) (rate(architech_runs_ended_total${window}))`, "{{state}}"]],
      },
      {
        title: "Leads",
        description: "Runs that each service leads.",
        unit: "short",
        queries: [["architech_runs_led", "{{instance}}"]],
      },
    ],
  },
  {
    title: "Workers",
    panels: [
      {
        title: "Tasks",
        description: "Tasks a second.",
        unit: "short",
        queries: [[`sum(rate(architech_tasks_total${window}))`, "tasks"]],
      },
      {
        title: "Events",
        description: "Events a second, by worker.",
        unit: "short",
        queries: [[`sum by (instance) (rate(architech_events_total${window}))`, "{{instance}}"]],
      },
      {
        title: "In work",
        description: "Chunks of tasks in work, by worker.",
        unit: "short",
        queries: [["architech_chunks_in_work", "{{instance}}"]],
      },
      {
        title: "Busy",
        description: "Share of each worker's threads that simulates.",
        unit: "percentunit",
        queries: [
          [
            `sum by (instance) (rate(architech_task_seconds_total${window})) / sum by (instance) (architech_threads)`,
            "{{instance}}",
          ],
        ],
      },
      {
        title: "Time of a task",
        description: "Mean time of a task on a thread.",
        unit: "s",
        queries: [
          [`sum(rate(architech_task_seconds_total${window})) / sum(rate(architech_tasks_total${window}))`, "task"],
        ],
      },
      {
        title: "Parts",
        description: "Windows a second of tasks in parts across workers, by worker.",
        unit: "short",
        queries: [[`sum by (instance) (rate(architech_part_windows_total${window}))`, "{{instance}}"]],
      },
      {
        title: "Sessions of parts",
        description:
          "Sessions a second of workers that share a task, by how they ended; lost are those that begin again.",
        unit: "short",
        queries: [[`sum by (end) (rate(architech_part_sessions_total${window}))`, "{{end}}"]],
      },
      {
        title: "Failed tasks",
        description:
          "Failed tasks a second, by the code of their error; worker-crashed are those that kill their worker.",
        unit: "short",
        queries: [[`sum by (code) (rate(architech_tasks_failed_total${window}))`, "{{code}}"]],
      },
    ],
  },
];

/** The dashboards of Grafana: all processes by role, what users see at the gateways, runs and their workers. */
export const dashboards = (): readonly Dashboard[] => [
  dashboard("architech-processes", "Architech: processes", processes, ["role", "instance"]),
  dashboard("architech-gateway", "Architech: gateway", gateways),
  dashboard("architech-runs", "Architech: runs and workers", runs),
];

function dashboard(uid: string, title: string, rows: readonly Row[], variables: readonly string[] = []): Dashboard {
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .tags(["architech"])
    .timezone("browser")
    .tooltip(DashboardCursorSync.Crosshair)
    .refresh("30s")
    .time({ from: "now-1h", to: "now" })
    .withVariable(new DatasourceVariableBuilder("datasource").label("Source").type("prometheus"));
  for (const name of variables)
    builder.withVariable(
      new QueryVariableBuilder(name)
        .label(name)
        .datasource(source)
        .query(`label_values(architech_ready, ${name})`)
        .refresh(VariableRefresh.OnTimeRangeChanged)
        .multi(true)
        .includeAll(true)
        .allValue(".+"),
    );
  for (const { title: heading, panels } of rows) {
    builder.withRow(new RowBuilder(heading));
    for (const panel of panels) builder.withPanel(panelOf(panel));
  }
  const built = builder.build();
  // Of its own accord the builder leaves them out, and gives rows the same one.
  const panels = built.panels?.map((panel, i) => ({ ...panel, id: i + 1 })) ?? [];
  return { ...built, panels };
}
