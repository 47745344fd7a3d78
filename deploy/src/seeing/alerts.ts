import { duration } from "./duration.js";
import { burns, type Objective, objectives, recorded, windows } from "./objectives.js";

/** Something that somebody must know. */
export interface Alert {
  readonly name: string;
  readonly expr: string;
  /** How long it must hold, s. */
  readonly forS: number;
  /** `page` wakes somebody, `ticket` waits for the morning. */
  readonly severity: "page" | "ticket";
  /** A template of Prometheus, as is the next. */
  readonly summary: string;
  /** What to do about it. */
  readonly action: string;
}

/** A rule as Prometheus reads it. */
export type Rule =
  | { readonly record: string; readonly expr: string }
  | {
      readonly alert: string;
      readonly expr: string;
      readonly for?: string;
      readonly labels: { readonly severity: string };
      readonly annotations: { readonly summary: string; readonly action: string };
    };

export interface RuleGroup {
  readonly name: string;
  readonly interval: string;
  readonly rules: readonly Rule[];
}

const [minute, hour] = [60, 3_600];

/** The alerts. `pace` makes every time in them shorter: 1 but in tests. */
export function alerts(pace = 1): readonly Alert[] {
  const over = (seconds: number): string => duration(seconds * pace);
  const ended = (those: string): string => `sum(increase(architech_runs_ended_total${those}[${over(30 * minute)}]))`;
  return [
    ...objectives.map((objective) => burning(objective, "page", pace)),
    ...objectives.map((objective) => burning(objective, "ticket", pace)),
    {
      name: "ArchitechDown",
      expr: 'up{job="architech"} == 0',
      forS: 2 * minute,
      severity: "page",
      summary: "{{ $labels.role }} {{ $labels.instance }} does not answer",
      action: "Look at the end of its log, and whether it was killed for want of memory. Others go on without it.",
    },
    {
      name: "ArchitechNotReady",
      expr: 'architech_ready{job="architech"} == 0',
      forS: 5 * minute,
      severity: "page",
      summary: "{{ $labels.role }} {{ $labels.instance }} answers, and is not ready",
      action: "Its /readyz names the check that fails: the bus, its documents, or that it ends.",
    },
    {
      name: "ArchitechServiceMissing",
      expr: 'max by (service) (architech_gateway_services{state="healthy"}) == 0',
      forS: minute,
      severity: "page",
      summary: "the gateways know no healthy service for {{ $labels.service }}",
      action:
        "Start one, or look at why those that there are do not answer: their log, their /readyz, the network's policies.",
    },
    {
      name: "ArchitechBusDown",
      expr: 'architech_bus_connected{job="architech"} == 0',
      forS: minute,
      severity: "page",
      summary: "{{ $labels.role }} {{ $labels.instance }} does not reach the bus",
      action: "Look at NATS: how many of its servers are up, whether they have a leader, whether its disk is full.",
    },
    {
      name: "ArchitechNoWorkers",
      expr: 'sum(max by (lane) (architech_queue_chunks{state="waiting"})) > 0 and max(architech_workers) == 0',
      forS: 2 * minute,
      severity: "page",
      summary: "{{ $value }} chunks of tasks wait, and there is no worker",
      action:
        "Look at what scales the workers (`kubectl describe scaledobject`), at pods that cannot be placed, at their logs.",
    },
    {
      name: "ArchitechInteractiveRunsWait",
      expr: 'max by (lane) (architech_queue_oldest_seconds{lane="interactive"}) > 30',
      forS: 2 * minute,
      severity: "page",
      summary: "the oldest chunk of runs that somebody waits for is {{ $value | humanizeDuration }} old",
      action: "More workers, or a look at what those that there are do: their threads, their tasks, their log.",
    },
    {
      name: "ArchitechBatchRunsWait",
      expr: `max by (lane) (architech_queue_oldest_seconds{lane="batch"}) > ${(30 * minute * pace).toString()}`,
      forS: 10 * minute,
      severity: "ticket",
      summary: "the oldest chunk of large runs is {{ $value | humanizeDuration }} old",
      action: "The highest number of workers may be too low for what is asked of them.",
    },
    {
      name: "ArchitechPoisonousTasks",
      expr: `increase(architech_tasks_failed_total{code="worker-crashed"}[${over(15 * minute)}]) > 0`,
      forS: 0,
      severity: "ticket",
      summary: "a task was given up: every worker that began it has died with it",
      action:
        "The run's log names the task. Its model may need more memory than a worker has: look at what killed the workers.",
    },
    {
      name: "ArchitechRunsFail",
      expr: `${ended('{state="failed"}')} / ${ended("")} > 0.5 and ${ended("")} >= 5`,
      forS: 5 * minute,
      severity: "ticket",
      summary: "{{ $value | humanizePercentage }} of the runs fail",
      action: "`GET /api/runs` has the error of each: one of the models' own, or of the workers.",
    },
    {
      name: "ArchitechEventLoopLag",
      expr: 'nodejs_eventloop_lag_p99_seconds{job="architech",role!="worker"} > 0.25',
      forS: 5 * minute,
      severity: "ticket",
      summary: "the event loop of {{ $labels.role }} {{ $labels.instance }} is late by {{ $value | humanizeDuration }}",
      action: "It has more to do than one core does: start more of it.",
    },
    {
      name: "ArchitechRestarts",
      expr: `changes(process_start_time_seconds{job="architech"}[${over(hour)}]) > 2`,
      forS: 0,
      severity: "ticket",
      summary: "{{ $labels.role }} {{ $labels.instance }} has started {{ $value }} times again within an hour",
      action: "Look at how it ended: its log before the start, and whether it was killed for want of memory.",
    },
    {
      name: "ArchitechFileDescriptors",
      expr: 'process_open_fds{job="architech"} / process_max_fds{job="architech"} > 0.8',
      forS: 5 * minute,
      severity: "ticket",
      summary:
        "{{ $labels.role }} {{ $labels.instance }} has {{ $value | humanizePercentage }} of the files open that it may",
      action: "Each connection is one: start more of it, or raise the limit.",
    },
    {
      name: "ArchitechDiskFull",
      expr: 'architech_disk_bytes{state="free"} / ignoring(state) architech_disk_bytes{state="all"} < 0.1',
      forS: 5 * minute,
      severity: "page",
      summary: "{{ $value | humanizePercentage }} of the disk of {{ $labels.role }} {{ $labels.instance }} is free",
      action: "Saves and runs fail once it is full: make room, or give it a larger disk.",
    },
  ];
}

/** Recorded series, then alerts, as Prometheus reads them. */
export function ruleGroups(pace = 1): readonly RuleGroup[] {
  const interval = duration(Math.max(0.5, 30 * pace));
  return [
    {
      name: "architech-objectives",
      interval,
      rules: objectives.flatMap((objective) =>
        windows(pace).map((window) => ({ record: recorded(objective, window), expr: objective.missed(window) })),
      ),
    },
    {
      name: "architech-alerts",
      interval,
      rules: alerts(pace).map(({ name, expr, forS, severity, summary, action }) => ({
        alert: name,
        expr,
        ...(forS === 0 ? {} : { for: duration(forS * pace) }),
        labels: { severity },
        annotations: { summary, action },
      })),
    },
  ];
}

function burning(objective: Objective, severity: "page" | "ticket", pace: number): Alert {
  const { name, budget, title } = objective;
  const spent = ({ rate, longS, shortS }: (typeof burns)[number]): string => {
    const limit = Number((rate * budget).toPrecision(12));
    const [long, short] = [longS, shortS].map((seconds) => recorded(objective, duration(seconds * pace)));
    return `(${long} > ${limit} and ${short} > ${limit})`;
  };
  const soon = severity === "page" ? "within days or hours" : "before its thirty days are over";
  return {
    name: `Architech${name === "errors" ? "Errors" : "Slow"}${severity === "page" ? "Fast" : "Steady"}`,
    expr: burns
      .filter((burn) => burn.severity === severity)
      .map(spent)
      .join(" or "),
    forS: severity === "page" ? 2 * minute : hour,
    severity,
    summary: `{{ $value | humanizePercentage }} of the requests are not ${title}: what may be missed is spent ${soon}`,
    action:
      name === "errors"
        ? "Errors by code and by kind of request are in the dashboard of the gateways; the log of the service has the request's id."
        : "Times by kind of request are in the dashboard of the gateways; traces tell where a request was slow.",
  };
}
