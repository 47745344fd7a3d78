import { duration } from "./duration.js";

/** What users are promised of requests to their entry. */
export interface Objective {
  /** In the names of series. */
  readonly name: "errors" | "slow";
  readonly title: string;
  /** The share of requests that may miss it. */
  readonly budget: number;
  /** The share that missed it over a window. */
  readonly missed: (window: string) => string;
}

/** The processes that browsers reach. */
const entry = 'role=~"gateway|all"';
/** What answers at once when all is well: not a kernel that starts, and not a file of any size. */
const prompt = 'api=~"contents|runs|kernels|sessions|settings|status|workspaces"';

/** Requests of the kinds that are promised to be prompt are answered within this, s: a bound of the histogram. */
export const promptS = 1;

const rate = (series: string, window: string): string => `sum(rate(${series}[${window}]))`;
const requests = "architech_http_request_seconds";

export const objectives: readonly Objective[] = [
  {
    name: "errors",
    title: "answered without a fault of ours",
    budget: 0.001,
    // Nought, and not nothing, where none has ever failed.
    missed: (window) =>
      `(${rate(`${requests}_count{${entry},status=~"5.."}`, window)} or vector(0)) / ${rate(`${requests}_count{${entry}}`, window)}`,
  },
  {
    name: "slow",
    title: `answered within ${promptS} s`,
    budget: 0.01,
    missed: (window) =>
      `1 - ${rate(`${requests}_bucket{${entry},${prompt},method="GET",le="${promptS}"}`, window)} / ${rate(
        `${requests}_count{${entry},${prompt},method="GET"}`,
        window,
      )}`,
  },
];

/** How fast a budget of thirty days is spent, and over which two windows that is seen. */
export interface Burn {
  readonly severity: "page" | "ticket";
  /** Times as fast as would spend it in thirty days. */
  readonly rate: number;
  readonly longS: number;
  /** So that it ends soon after the cause has. */
  readonly shortS: number;
}

const [minute, hour, day] = [60, 3_600, 86_400];

/** The windows and rates of "Alerting on SLOs", chapter 5 of Google's Site Reliability Workbook, table 5-8. */
export const burns: readonly Burn[] = [
  { severity: "page", rate: 14.4, longS: hour, shortS: 5 * minute },
  { severity: "page", rate: 6, longS: 6 * hour, shortS: 30 * minute },
  { severity: "ticket", rate: 1, longS: 3 * day, shortS: 6 * hour },
];

/** The recorded series of the share that missed an objective over a window. */
export const recorded = ({ name }: Objective, window: string): string => `architech:${name}:ratio_rate${window}`;

/** Each window in use, shortest first, at a pace. */
export const windows = (pace: number): readonly string[] =>
  [...new Set(burns.flatMap(({ longS, shortS }) => [longS, shortS]))]
    .sort((a, b) => a - b)
    .map((s) => duration(s * pace));
