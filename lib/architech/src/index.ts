export { ArchitechError, type ErrorCode, errorCodes } from "@architech/protocol";
export type { Colour, NamedColour } from "./chart/colour.js";
export type { Comm, Host, MimeBundle } from "./chart/host.js";
export type { BareMark, Mark, RowMark, Rows, RuleMark } from "./chart/mark.js";
export type { MarkName } from "./chart/mark-names.js";
export {
  areaX,
  areaY,
  arrow,
  axisX,
  axisY,
  barX,
  barY,
  boxX,
  boxY,
  cell,
  crosshairX,
  differenceY,
  dot,
  frame,
  gridX,
  gridY,
  line,
  linearRegressionY,
  lineX,
  lineY,
  link,
  rect,
  rectX,
  rectY,
  ruleX,
  ruleY,
  text,
  tickX,
  tickY,
  tip,
} from "./chart/marks.js";
export type {
  Channel,
  ChartOptions,
  ColourChannel,
  Curve,
  Field,
  Marker,
  MarkOptions,
  ScaleOptions,
} from "./chart/options.js";
export { type Chart, type PlotOptions, plot } from "./chart/plot.js";
export type { ChartSpec, MarkSpec } from "./chart/spec.js";
export { type Diagram, type Drawable, diagram, type Measured } from "./diagram/diagram.js";
export type { DiagramDocument, NodeValues } from "./diagram/spec.js";
export { type CompareOptions, compare } from "./experiment/compare.js";
export { type ExperimentDefaults, setDefaults } from "./experiment/defaults.js";
export type { LiveRows } from "./experiment/live-rows.js";
export type { Estimate } from "./experiment/outcome.js";
export { type ExperimentResult, onResult } from "./experiment/results.js";
export type { FinalState, StreamSource } from "./experiment/stream-source.js";
export { sweep } from "./experiment/sweep.js";
export type {
  CompareResult,
  Comparison,
  Grid,
  Point,
  Run,
  RunOptions,
  RunResult,
  ScenarioRow,
  SeriesRow,
  Started,
  Sweep,
  SweepPoint,
  SweepResult,
  SweepRow,
} from "./experiment/types.js";
export { type Row, type View, type ViewSpec, view } from "./experiment/view.js";
export type { SampleName, SampleOptions, SeriesColumn } from "./export/samples.js";
export { type SendSeriesOptions, type SentSeries, type SeriesTarget, sendSeries } from "./export/send-series.js";
export { type HpaManifestOptions, readHpa } from "./manifest/hpa.js";
export { readScaledObject, type ScaledObjectOptions } from "./manifest/scaled-object.js";
export type { Balance, Balancing, Ejection } from "./model/balance.js";
export type {
  BalanceBy,
  BalanceDocument,
  BalancingDocument,
  EjectionDocument,
  GatewayDocument,
  HealthDocument,
} from "./model/balance-document.js";
export { type Bursts, bursts } from "./model/bursts.js";
export { type Cache, cache } from "./model/cache.js";
export type { CacheDocument, Eviction, KeyedCacheDocument, RatioCacheDocument } from "./model/cache-document.js";
export { applyChange } from "./model/change.js";
export type { ChangeDocument } from "./model/change-document.js";
export { classes } from "./model/classes.js";
export type { Cost } from "./model/cost.js";
export type { CostDocument } from "./model/cost-document.js";
export {
  type CustomFunction,
  type CustomRequest,
  type CustomSettings,
  type CustomYield,
  custom,
  type Ending,
  type MakeCustom,
} from "./model/custom.js";
export { type Database, database, type Replicas, type Reshard, type Shards } from "./model/database.js";
export type {
  DatabaseDocument,
  QuorumDocument,
  ReplicasDocument,
  ReshardDocument,
  ShardsDocument,
} from "./model/database-document.js";
export type { Difference } from "./model/diff.js";
export {
  constant,
  empirical,
  erlang,
  exponential,
  gamma,
  type LognormalSettings,
  lognormal,
  mixture,
  pareto,
  uniform,
  weibull,
} from "./model/distribution.js";
export type { ModelDocument } from "./model/document.js";
export {
  badDeployment,
  crash,
  errors,
  type Fault,
  outage,
  partition,
  pause,
  pauses,
  slow,
} from "./model/fault.js";
export type { FaultDocument } from "./model/fault-document.js";
export { type CommonOps, type Gateway, type GatewaySettings, gateway, type HealthSettings } from "./model/gateway.js";
export { type Group, group, type Parts } from "./model/group.js";
export type { GroupDocument } from "./model/group-document.js";
export { type Hop, hop, type Network, type Zone } from "./model/hop.js";
export type { JobDocument } from "./model/job-document.js";
export { type JsonSchema, modelSchema } from "./model/json-schema.js";
export type { LineDocument, LineOrder } from "./model/line-document.js";
export { type Job, job, type Log, log, type Topic, topic } from "./model/messaging.js";
export type { LogDocument, QueueDocument, TopicDocument, WorkerDocument } from "./model/messaging-document.js";
export type { Metric } from "./model/metric-name.js";
export { type MetricInfo, type MetricUnit, metricsOf } from "./model/metrics.js";
export { isModel, type MakeModel, type Model, type ModelOptions, model } from "./model/model.js";
export type { HopDocument, NetworkDocument } from "./model/network-document.js";
export {
  type Callable,
  type ColdStart,
  type Node,
  type Queue,
  queue,
  type Service,
  service,
  type Worker,
  worker,
} from "./model/node.js";
export type { NodeDocument } from "./model/node-document.js";
export {
  type Breaker,
  breaker,
  type Concurrency,
  concurrency,
  type Limiter,
  limiter,
  type Policy,
  type RetryBudget,
  retryBudget,
  type Semaphore,
  semaphore,
} from "./model/policy.js";
export type {
  BreakerDocument,
  ConcurrencyDocument,
  LimiterDocument,
  PolicyDocument,
  ReservedDocument,
  RetryBudgetDocument,
  SemaphoreDocument,
} from "./model/policy-document.js";
export { type Profile, type ProfileSettings, profile } from "./model/profile.js";
export {
  type HpaSettings,
  type HpaTarget,
  hpa,
  type KedaSettings,
  keda,
  type QueueTarget,
  type ReplicaSize,
  type Scale,
  type ScalingPolicy,
  type ScalingRules,
  type ScheduleSettings,
  schedule,
} from "./model/scale.js";
export type {
  HpaDocument,
  HpaTargetDocument,
  KedaDocument,
  QueueTargetDocument,
  ScaleDocument,
  ScalingPolicyDocument,
  ScalingRulesDocument,
  ScheduleDocument,
} from "./model/scale-document.js";
export type { Change, Nodes } from "./model/scenario.js";
export type { ColdStartDocument, Scheduling, ServiceDocument } from "./model/service-document.js";
export {
  call,
  cpu,
  either,
  fail,
  hedge,
  parallel,
  publish,
  repeat,
  retry,
  type Step,
  type Steps,
  timeout,
  wait,
} from "./model/step.js";
export type { StepDocument } from "./model/step-document.js";
export type { Distribution, Time } from "./model/time.js";
export type { DistributionDocument, TimeDocument } from "./model/time-document.js";
export { type ReadTraceSettings, readTrace, type Trace, type TraceSettings, trace } from "./model/trace.js";
export type { Classed, Classes, Closed, Load, Open, Sessions } from "./model/traffic.js";
export type {
  BurstsDocument,
  ClassDocument,
  ClassesDocument,
  ClosedTrafficDocument,
  FlowDocument,
  KeysDocument,
  OpenTrafficDocument,
  ProfileDocument,
  SessionTrafficDocument,
  TraceDocument,
  TrafficDocument,
} from "./model/traffic-document.js";
export { validate } from "./model/validate.js";
export { type Connection, connect } from "./run/connect.js";
export { type Duration, formatDuration, parseDuration } from "./units/duration.js";
export { formatRate, parseRate, type Rate } from "./units/rate.js";
export { formatRatio, parseRatio, type Ratio } from "./units/ratio.js";
export { formatSize, parseSize, type Size } from "./units/size.js";
