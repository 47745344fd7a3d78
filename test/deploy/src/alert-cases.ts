/** What is known of some series, and whether an alert fires at a moment. */
export interface AlertCase {
  readonly alert: string;
  readonly when: string;
  /** Values a minute, as promtool writes them: `0+10x60` grows by 10 sixty times. */
  readonly series: Readonly<Record<string, string>>;
  readonly at: string;
  /** Absent where it does not fire: beside its severity, its labels, and its summary. */
  readonly fires?: { readonly labels?: Readonly<Record<string, string>>; readonly summary: string };
}

const gateway = 'job="architech",role="gateway",instance="g1"';
const runs = 'job="architech",role="runs",instance="r1"';
const labelsOf = (role: string, instance: string) => ({ job: "architech", role, instance });

/** So many requests a minute of a thousand answered with an error, for some minutes. */
const answered = (failed: number, minutes: number) => ({
  [`architech_http_request_seconds_count{${gateway},method="GET",api="contents",status="200"}`]: `0+${1000 - failed}x${minutes}`,
  [`architech_http_request_seconds_count{${gateway},method="GET",api="contents",status="503"}`]: `0+${failed}x${minutes}`,
});

/** The same of requests that took longer than a second. */
const took = (slow: number, minutes: number) => ({
  [`architech_http_request_seconds_bucket{${gateway},method="GET",api="contents",status="200",le="1"}`]: `0+${1000 - slow}x${minutes}`,
  [`architech_http_request_seconds_count{${gateway},method="GET",api="contents",status="200"}`]: `0+1000x${minutes}`,
});

const queued = (waiting: number, workers: string) => ({
  [`architech_queue_chunks{${runs},lane="interactive",state="waiting"}`]: `${waiting}x20`,
  [`architech_queue_chunks{job="architech",role="runs",instance="r2",lane="interactive",state="waiting"}`]: `${waiting}x20`,
  [`architech_workers{${runs}}`]: workers,
  [`architech_workers{job="architech",role="runs",instance="r2"}`]: workers,
});

export const alertCases: readonly AlertCase[] = [
  {
    alert: "ArchitechErrorsFast",
    when: "2 % of the requests fail for an hour",
    series: answered(20, 120),
    at: "70m",
    fires: {
      summary:
        "2% of the requests are not answered without a fault of ours: what may be missed is spent within days or hours",
    },
  },
  {
    alert: "ArchitechErrorsFast",
    when: "0.8 % fail for an hour",
    series: answered(8, 120),
    at: "70m",
    fires: {
      summary:
        "0.8% of the requests are not answered without a fault of ours: what may be missed is spent within days or hours",
    },
  },
  { alert: "ArchitechErrorsFast", when: "0.5 % fail for an hour", series: answered(5, 120), at: "70m" },
  {
    alert: "ArchitechErrorsFast",
    when: "everything failed for an hour, and nothing does since 35 minutes",
    series: {
      [`architech_http_request_seconds_count{${gateway},method="GET",api="contents",status="200"}`]: "0x60 0+1000x60",
      [`architech_http_request_seconds_count{${gateway},method="GET",api="contents",status="503"}`]:
        "0+1000x60 60000x60",
    },
    at: "96m",
  },
  {
    alert: "ArchitechErrorsSteady",
    when: "0.2 % fail for an hour and a half",
    series: answered(2, 120),
    at: "90m",
    fires: {
      summary:
        "0.2% of the requests are not answered without a fault of ours: what may be missed is spent before its thirty days are over",
    },
  },
  { alert: "ArchitechErrorsSteady", when: "0 in a thousand fail", series: answered(0, 120), at: "90m" },
  {
    alert: "ArchitechSlowFast",
    when: "a fifth of the reads takes longer than a second",
    series: took(200, 120),
    at: "70m",
    fires: {
      summary: "20% of the requests are not answered within 1 s: what may be missed is spent within days or hours",
    },
  },
  { alert: "ArchitechSlowFast", when: "5 % of them do", series: took(50, 120), at: "70m" },
  {
    alert: "ArchitechSlowSteady",
    when: "2 % of the reads take longer for an hour and a half",
    series: took(20, 120),
    at: "90m",
    fires: {
      summary:
        "2% of the requests are not answered within 1 s: what may be missed is spent before its thirty days are over",
    },
  },
  { alert: "ArchitechSlowSteady", when: "0.5 % of them do", series: took(5, 120), at: "90m" },
  {
    alert: "ArchitechDown",
    when: "a process is not reached",
    series: { [`up{${gateway}}`]: "1x5 0x10" },
    at: "9m",
    fires: { labels: labelsOf("gateway", "g1"), summary: "gateway g1 does not answer" },
  },
  {
    alert: "ArchitechDown",
    when: "one scrape has failed, or the process is not ours",
    series: { [`up{${gateway}}`]: "1x5 0 1x10", 'up{job="other",instance="x"}': "0x20" },
    at: "9m",
  },
  {
    alert: "ArchitechNotReady",
    when: "a process is not ready for longer than a start or an end takes",
    series: { [`architech_ready{${gateway}}`]: "0x20" },
    at: "6m",
    fires: { labels: labelsOf("gateway", "g1"), summary: "gateway g1 answers, and is not ready" },
  },
  {
    alert: "ArchitechNotReady",
    when: "it was for two minutes",
    series: { [`architech_ready{${gateway}}`]: "1x5 0x2 1x20" },
    at: "8m",
  },
  {
    alert: "ArchitechServiceMissing",
    when: "no gateway knows a healthy service of a kind",
    series: {
      [`architech_gateway_services{${gateway},service="kernels",state="healthy"}`]: "0x10",
      [`architech_gateway_services{${gateway},service="runs",state="healthy"}`]: "2x10",
    },
    at: "3m",
    fires: { labels: { service: "kernels" }, summary: "the gateways know no healthy service for kernels" },
  },
  {
    alert: "ArchitechServiceMissing",
    when: "one of two gateways knows one",
    series: {
      [`architech_gateway_services{${gateway},service="kernels",state="healthy"}`]: "0x10",
      'architech_gateway_services{job="architech",role="gateway",instance="g2",service="kernels",state="healthy"}':
        "1x10",
    },
    at: "3m",
  },
  {
    alert: "ArchitechBusDown",
    when: "a process does not reach the bus",
    series: { [`architech_bus_connected{${runs}}`]: "0x10" },
    at: "3m",
    fires: { labels: labelsOf("runs", "r1"), summary: "runs r1 does not reach the bus" },
  },
  { alert: "ArchitechBusDown", when: "it does", series: { [`architech_bus_connected{${runs}}`]: "1x10" }, at: "3m" },
  {
    alert: "ArchitechNoWorkers",
    when: "chunks wait and there is no worker",
    series: queued(7, "0x20"),
    at: "4m",
    fires: { summary: "7 chunks of tasks wait, and there is no worker" },
  },
  { alert: "ArchitechNoWorkers", when: "there are no workers, and nothing waits", series: queued(0, "0x20"), at: "4m" },
  { alert: "ArchitechNoWorkers", when: "they have come in time", series: queued(7, "0x1 3x18"), at: "4m" },
  {
    alert: "ArchitechInteractiveRunsWait",
    when: "what somebody waits for is older than half a minute",
    series: { [`architech_queue_oldest_seconds{${runs},lane="interactive"}`]: "45x10" },
    at: "4m",
    fires: {
      labels: { lane: "interactive" },
      summary: "the oldest chunk of runs that somebody waits for is 45s old",
    },
  },
  {
    alert: "ArchitechInteractiveRunsWait",
    when: "only large runs wait for so long",
    series: {
      [`architech_queue_oldest_seconds{${runs},lane="interactive"}`]: "2x10",
      [`architech_queue_oldest_seconds{${runs},lane="batch"}`]: "45x10",
    },
    at: "4m",
  },
  {
    alert: "ArchitechBatchRunsWait",
    when: "a chunk of a large run is older than half an hour",
    series: { [`architech_queue_oldest_seconds{${runs},lane="batch"}`]: "2000x20" },
    at: "12m",
    fires: { labels: { lane: "batch" }, summary: "the oldest chunk of large runs is 33m 20s old" },
  },
  {
    alert: "ArchitechBatchRunsWait",
    when: "it is younger",
    series: { [`architech_queue_oldest_seconds{${runs},lane="batch"}`]: "1000x20" },
    at: "12m",
  },
  {
    alert: "ArchitechPoisonousTasks",
    when: "a task was given up",
    series: {
      'architech_tasks_failed_total{job="architech",role="worker",instance="w1",code="worker-crashed"}': "0x5 1x10",
    },
    at: "8m",
    fires: {
      labels: { ...labelsOf("worker", "w1"), code: "worker-crashed" },
      summary: "a task was given up: every worker that began it has died with it",
    },
  },
  {
    alert: "ArchitechPoisonousTasks",
    when: "tasks fail for another reason",
    series: {
      'architech_tasks_failed_total{job="architech",role="worker",instance="w1",code="worker-crashed"}': "0x15",
      'architech_tasks_failed_total{job="architech",role="worker",instance="w1",code="too-many-events"}': "0+3x15",
    },
    at: "8m",
  },
  {
    alert: "ArchitechRunsFail",
    when: "three of four runs fail",
    series: {
      [`architech_runs_ended_total{${runs},state="failed"}`]: "0+3x60",
      [`architech_runs_ended_total{${runs},state="done"}`]: "0+1x60",
    },
    at: "40m",
    fires: { summary: "75% of the runs fail" },
  },
  {
    alert: "ArchitechRunsFail",
    when: "a single one did, and nobody runs anything",
    series: {
      [`architech_runs_ended_total{${runs},state="failed"}`]: "0x10 1x50",
      [`architech_runs_ended_total{${runs},state="done"}`]: "0x60",
    },
    at: "20m",
  },
  {
    alert: "ArchitechEventLoopLag",
    when: "an event loop is late by 400 ms",
    series: { [`nodejs_eventloop_lag_p99_seconds{${gateway}}`]: "0.4x10" },
    at: "7m",
    fires: { labels: labelsOf("gateway", "g1"), summary: "the event loop of gateway g1 is late by 400ms" },
  },
  {
    alert: "ArchitechEventLoopLag",
    when: "by 20 ms, or that of a worker, which only simulates",
    series: {
      [`nodejs_eventloop_lag_p99_seconds{${gateway}}`]: "0.02x10",
      'nodejs_eventloop_lag_p99_seconds{job="architech",role="worker",instance="w1"}': "0.4x10",
    },
    at: "7m",
  },
  {
    alert: "ArchitechRestarts",
    when: "a process has started three times again within an hour",
    series: { [`process_start_time_seconds{${gateway}}`]: "100x5 400x5 700x5 1000x5" },
    at: "20m",
    fires: { labels: labelsOf("gateway", "g1"), summary: "gateway g1 has started 3 times again within an hour" },
  },
  {
    alert: "ArchitechRestarts",
    when: "it was upgraded once",
    series: { [`process_start_time_seconds{${gateway}}`]: "100x5 400x20" },
    at: "20m",
  },
  {
    alert: "ArchitechFileDescriptors",
    when: "nine of ten are in use",
    series: { [`process_open_fds{${gateway}}`]: "900x10", [`process_max_fds{${gateway}}`]: "1000x10" },
    at: "7m",
    fires: { labels: labelsOf("gateway", "g1"), summary: "gateway g1 has 90% of the files open that it may" },
  },
  {
    alert: "ArchitechFileDescriptors",
    when: "one of ten is",
    series: { [`process_open_fds{${gateway}}`]: "100x10", [`process_max_fds{${gateway}}`]: "1000x10" },
    at: "7m",
  },
  {
    alert: "ArchitechDiskFull",
    when: "4 % of a disk are free",
    series: {
      [`architech_disk_bytes{${runs},state="free"}`]: "4e9x10",
      [`architech_disk_bytes{${runs},state="all"}`]: "1e11x10",
    },
    at: "7m",
    fires: { labels: labelsOf("runs", "r1"), summary: "4% of the disk of runs r1 is free" },
  },
  {
    alert: "ArchitechDiskFull",
    when: "40 % are",
    series: {
      [`architech_disk_bytes{${runs},state="free"}`]: "4e10x10",
      [`architech_disk_bytes{${runs},state="all"}`]: "1e11x10",
    },
    at: "7m",
  },
];
