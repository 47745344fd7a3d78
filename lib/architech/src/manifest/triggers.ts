/** A trigger of KEDA that a model can stand in for: which of its fields say when to scale, and all that it may have. */
export interface TriggerKind {
  /** What it counts: messages of a queue, something that the reader must be told, or busy cores. */
  readonly reads: "lag" | "anything" | "cpu";
  /** Field of the value for each replica; the default where it may be left out. */
  readonly threshold: string;
  readonly standard?: number;
  readonly activation?: string;
  /** Fields that must have this value when they are there. */
  readonly only?: Readonly<Record<string, string>>;
  /** Field that says whether messages that are being worked on count, and the value that says so. */
  readonly inFlight?: readonly [field: string, yes: string];
  /** Field that says whether there may be more replicas than partitions. */
  readonly idleConsumers?: string;
  /** Fields that say where to connect, and mean nothing to a model. */
  readonly also: readonly string[];
}

const fields = (names: string): readonly string[] => names.split(" ");

/** By type. After the pages on scalers of keda.sh/docs. */
export const triggerKinds: Readonly<Record<string, TriggerKind>> = {
  kafka: {
    reads: "lag",
    threshold: "lagThreshold",
    standard: 10,
    activation: "activationLagThreshold",
    idleConsumers: "allowIdleConsumers",
    also: fields(
      "bootstrapServers bootstrapServersFromEnv consumerGroup consumerGroupFromEnv topic topicFromEnv partitionLimitation offsetResetPolicy scaleToZeroOnInvalidOffset excludePersistentLag limitToPartitionsWithLag ensureEvenDistributionOfPartitions version sasl tls unsafeSsl awsRegion",
    ),
  },
  rabbitmq: {
    reads: "lag",
    threshold: "value",
    activation: "activationValue",
    only: { mode: "QueueLength" },
    inFlight: ["excludeUnacknowledged", "false"],
    also: fields(
      "host hostFromEnv queueName protocol vhostName unsafeSsl useRegex pageSize operation timeout usernameFromEnv passwordFromEnv metricName",
    ),
  },
  "aws-sqs-queue": {
    reads: "lag",
    threshold: "queueLength",
    standard: 5,
    activation: "activationQueueLength",
    inFlight: ["scaleOnInFlight", "true"],
    also: fields("queueURL queueURLFromEnv awsRegion awsEndpoint identityOwner scaleOnDelayed"),
  },
  "azure-servicebus": {
    reads: "lag",
    threshold: "messageCount",
    standard: 5,
    activation: "activationMessageCount",
    also: fields(
      "queueName topicName subscriptionName namespace connectionFromEnv cloud endpointSuffix useRegex operation",
    ),
  },
  "gcp-pubsub": {
    reads: "lag",
    threshold: "value",
    standard: 10,
    activation: "activationValue",
    only: { mode: "SubscriptionSize" },
    also: fields("subscriptionName topicName credentialsFromEnv aggregation timeHorizon valueIfNull filter"),
  },
  "nats-jetstream": {
    reads: "lag",
    threshold: "lagThreshold",
    standard: 10,
    activation: "activationLagThreshold",
    also: fields("natsServerMonitoringEndpoint account stream consumer useHttps"),
  },
  "redis-lists": {
    reads: "lag",
    threshold: "listLength",
    standard: 5,
    activation: "activationListLength",
    also: fields(
      "address addressFromEnv host hostFromEnv port portFromEnv usernameFromEnv passwordFromEnv listName databaseIndex enableTLS unsafeSsl",
    ),
  },
  prometheus: {
    reads: "anything",
    threshold: "threshold",
    activation: "activationThreshold",
    also: fields(
      "serverAddress query queryParameters namespace cortexOrgID customHeaders ignoreNullValues unsafeSsl timeout authModes metricName",
    ),
  },
  cpu: { reads: "cpu", threshold: "value", also: fields("containerName") },
};
