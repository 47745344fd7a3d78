/** A scenario: settings by node, and of the traffic. Ops, wiring and kinds cannot change. */
export interface ChangeDocument {
  readonly [node: string]: Readonly<Record<string, unknown>> | undefined;
}
