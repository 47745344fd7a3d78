import type { ModelDocument } from "#src/model/document.js";
import type { NodeDocument } from "#src/model/node-document.js";
import type { StepDocument } from "#src/model/step-document.js";
import type { FlowDocument } from "#src/model/traffic-document.js";
import { behind, callOf, fields, list, type Source, written } from "./source.js";

type Data = Readonly<Record<string, unknown>>;

/** What the source may import. */
const exported =
  "Gateway Service breaker bursts cache call classes concurrency constant cpu crash custom database either empirical erlang errors exponential fail gamma gateway hedge hop hpa job keda limiter log lognormal mixture model outage parallel pareto partition pause pauses profile queue repeat retry retryBudget schedule semaphore service slow timeout topic trace uniform wait weibull worker".split(
    " ",
  );

/** Builders by the kind of node, where the two differ. */
const builders: Readonly<Record<string, string>> = { "retry-budget": "retryBudget" };
const percentiles: Readonly<Record<number, string>> = { 50: "p50", 90: "p90", 95: "p95", 99: "p99", 99.9: "p999" };
const reserved =
  /^(await|break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|export|extends|false|finally|for|function|if|implements|import|in|instanceof|interface|let|new|null|package|private|protected|public|return|static|super|switch|this|throw|true|try|typeof|undefined|var|void|while|with|yield|arguments|eval)$/;

/** A model as the TypeScript that makes it with the library's builders: what it evaluates to has the same document. */
export function asTypeScript(document: ModelDocument): string {
  return new Printer(document).print();
}

class Printer {
  readonly #document: ModelDocument;
  readonly #imported = new Set<string>();
  readonly #variables = new Map<string, string>();
  /** Nodes whose declaration has begun, and those that are there. */
  readonly #begun = new Set<string>();
  readonly #there = new Set<string>();
  /** Services and gateways that are called before they are there. */
  readonly #ahead = new Set<string>();
  readonly #declarations: { readonly name: string; readonly made: Source }[] = [];

  constructor(document: ModelDocument) {
    this.#document = document;
  }

  print(): string {
    const { nodes, traffic, network, faults, name, groups, layout } = this.#document;
    const names = Object.keys(nodes);
    for (const name of names) this.#variables.set(name, this.#variable(name));
    for (const name of names) this.#declare(name);
    const options = {
      name: name === undefined ? undefined : JSON.stringify(name),
      network: network && this.#network(network as unknown as Data),
      faults: faults && list(faults.map((fault) => this.#fault(fault as unknown as Data))),
      groups: groups && this.#value(groups),
      layout: layout && this.#value(layout),
    };
    const made = callOf(
      this.#use("model"),
      fields(Object.fromEntries(names.map((name) => [name, this.#variables.get(name)!]))),
      "classes" in traffic
        ? callOf(this.#use("classes"), fields(mapped(traffic.classes, (flow) => this.#flow(flow))))
        : this.#flow(traffic),
      ...(Object.values(options).some((value) => value !== undefined) ? [fields(options)] : []),
    );
    const declarations = this.#declarations.map(({ name, made }) => {
      const node = this.#document.nodes[name]!;
      const type = this.#ahead.has(name) ? this.#typeOf(node) : "";
      return `${written(behind(`const ${this.#variables.get(name)!}${type} = `, made))};\n`;
    });
    const imported = [...this.#imported].sort().map((name) => (/^[A-Z]/.test(name) ? `type ${name}` : name));
    const imports = written({ open: "import {", items: imported, close: "}" });
    return `${imports} from "architech";\n\n${declarations.join("")}\nexport default ${written(made)};\n`;
  }

  #typeOf(node: NodeDocument): string {
    if (node.kind !== "service" && node.kind !== "gateway") return "";
    const ops = node.kind === "service" ? Object.keys(node.ops) : node.ops;
    const type = this.#use(node.kind === "service" ? "Service" : "Gateway");
    return `: ${type}<${ops.map((op) => JSON.stringify(op)).join(" | ")}>`;
  }

  /** A name that the source may give a node: the node's own, unless that means something already. */
  #variable(name: string): string {
    const taken = new Set([...this.#variables.values(), ...exported]);
    const plain = name.replaceAll("-", "_");
    const free = (text: string): boolean => !taken.has(text) && !reserved.test(text);
    for (let i = 1; ; i++) {
      const candidate = i === 1 ? plain : i === 2 ? `${plain}Node` : `${plain}Node${i - 1}`;
      if (free(candidate)) return candidate;
    }
  }

  #use(builder: string): string {
    this.#imported.add(builder);
    return builder;
  }

  #declare(name: string): void {
    if (this.#begun.has(name)) return;
    this.#begun.add(name);
    const made = this.#node(this.#document.nodes[name]!);
    this.#there.add(name);
    this.#declarations.push({ name, made });
  }

  /** A node that stands where a value is needed. */
  #node_(name: unknown): string {
    this.#declare(name as string);
    const variable = this.#variables.get(name as string)!;
    return this.#there.has(name as string) ? variable : `() => ${variable}`;
  }

  #node(node: NodeDocument): Source {
    const { kind, ...all } = node as unknown as Data & { kind: string };
    // A gateway's operations are those that all of its services have.
    const { ops: _, ...ofGateway } = all;
    const settings = kind === "gateway" ? ofGateway : all;
    const field = (value: unknown, key: string): Source => {
      if (key === "fronts" || key === "takes" || key === "deadLetter") return this.#node_(value);
      if (key === "to") return list((value as string[]).map((to) => this.#node_(to)));
      if (key === "ops") return fields(mapped(value as Data, (steps) => this.#steps(steps)));
      if (key === "steps" || (key === "work" && Array.isArray(value))) return this.#steps(value);
      return key === "scale" ? this.#scale(value as Data) : this.#value(value);
    };
    const builder = this.#use(builders[kind] ?? kind);
    return Object.keys(settings).length === 0 ? callOf(builder) : callOf(builder, fields(mapped(settings, field)));
  }

  #steps(steps: unknown): Source {
    return list((steps as readonly StepDocument[]).map((step) => this.#step(step)));
  }

  #step(step: StepDocument): Source {
    const { do: does } = step;
    switch (step.do) {
      case "cpu":
      case "wait":
        return callOf(this.#use(does), this.#value(step.time));
      case "call":
        return this.#call(step);
      case "publish":
        return callOf(`${this.#node_(step.to)}.${this.#kind(step.to) === "log" ? "append" : "put"}`);
      case "parallel":
        return callOf(this.#use(does), ...step.branches.map((branch) => this.#steps(branch)));
      case "either":
        return callOf(
          this.#use(does),
          list(step.branches.map(({ weight, steps }) => list([String(weight), this.#steps(steps)]))),
        );
      case "repeat":
        return callOf(this.#use(does), String(step.times), this.#steps(step.steps));
      case "retry": {
        const { do: _, steps, budget, ...settings } = step;
        const given = { ...mapped(settings, (value) => this.#value(value)), budget: budget && this.#node_(budget) };
        return callOf(this.#use(does), fields(given), this.#steps(steps));
      }
      case "hedge": {
        const { do: _, steps, ...settings } = step;
        return callOf(this.#use(does), this.#value(settings), this.#steps(steps));
      }
      case "timeout": {
        const { after, steps, cancel } = step;
        const settings = cancel === undefined ? [] : [this.#value({ cancel })];
        return callOf(this.#use(does), this.#value(after), this.#steps(steps), ...settings);
      }
      case "guard":
        return callOf(`${this.#node_(step.by)}.guard`, this.#steps(step.steps));
      case "custom": {
        // What it runs stands nowhere in the document.
        const steps = step.steps && fields({ steps: fields(mapped(step.steps, (list) => this.#steps(list))) });
        return callOf(this.#use(does), JSON.stringify(step.name), ...(steps ? [steps] : []), "function* () {}");
      }
      case "fail":
        return step.probability === undefined
          ? callOf(this.#use(does))
          : callOf(this.#use(does), String(step.probability));
    }
  }

  #call({ to, op, miss }: Extract<StepDocument, { do: "call" }>): Source {
    const kind = this.#kind(to);
    const node = this.#node_(to);
    if (kind !== "service" && kind !== "gateway")
      return callOf(`${node}.${op}`, ...(miss === undefined ? [] : [fields({ miss: this.#steps(miss) })]));
    if (this.#there.has(to)) return callOf(`${node}.call`, JSON.stringify(op));
    this.#ahead.add(to);
    return callOf(this.#use("call"), node, JSON.stringify(op));
  }

  #kind(name: string): string {
    return this.#document.nodes[name]!.kind;
  }

  #flow(flow: FlowDocument): Source {
    return fields(mapped(flow, (value, key) => (key === "to" ? this.#node_(value) : this.#value(value))));
  }

  #scale({ by, steps, ...settings }: Data): Source {
    const queue = (value: unknown): Source =>
      typeof value === "string"
        ? this.#node_(value)
        : fields(mapped(value as Data, (inner, key) => (key === "of" ? this.#node_(inner) : this.#value(inner))));
    const given = mapped(settings, (value, key) => {
      if (key === "queue") return queue(value);
      if (key !== "target") return this.#value(value);
      return fields(mapped(value as Data, (of, name) => (name === "queue" ? queue(of) : this.#value(of))));
    });
    const builder = this.#use(by as string);
    if (steps === undefined) return callOf(builder, fields(given));
    const times = (steps as readonly Data[]).map(({ at, ...size }) => {
      const onlyReplicas = Object.keys(size).join() === "replicas";
      return list([this.#value(at), this.#value(onlyReplicas ? size["replicas"] : size)]);
    });
    return callOf(builder, list(times), ...(Object.keys(given).length === 0 ? [] : [fields(given)]));
  }

  #network({ zones, hops, ...others }: Data): Source {
    const zone = (of: Data): Source =>
      fields(
        mapped(of, (value, key) =>
          key === "nodes" ? list((value as string[]).map((name) => this.#node_(name))) : this.#value(value),
        ),
      );
    const hop = ({ from, to, ...settings }: Data): Source =>
      callOf(this.#use("hop"), this.#place(from), this.#node_(to), this.#value(settings));
    return fields({
      zones: zones === undefined ? undefined : fields(mapped(zones as Data, (of) => zone(of as Data))),
      ...mapped(others, (value) => this.#value(value)),
      hops: hops === undefined ? undefined : list((hops as Data[]).map(hop)),
    });
  }

  #fault({ do: does, node, zone, between, ...settings }: Data): Source {
    const places =
      between === undefined ? [this.#place(node ?? zone)] : (between as string[]).map((at) => this.#place(at));
    return callOf(this.#use(does as string), ...places, this.#value(settings));
  }

  /** A node, or a name that stands for itself. */
  #place(name: unknown): Source {
    return Object.hasOwn(this.#document.nodes, name as string) ? this.#node_(name) : JSON.stringify(name);
  }

  /** What refers to no node: plain data, with builders for distributions and rates that change. */
  #value(value: unknown): Source {
    if (Array.isArray(value)) return list(value.map((item) => this.#value(item)));
    if (typeof value !== "object" || value === null) return JSON.stringify(value);
    const data = value as Data;
    if ("dist" in data) return this.#distribution(data);
    if (Array.isArray(data["points"])) {
      const { points, ...settings } = data;
      return this.#pairs("profile", points as readonly Data[], ["at", "rate"], settings);
    }
    if ("states" in data) return this.#pairs("bursts", data["states"] as readonly Data[], ["rate", "for"], {});
    if ("times" in data && Array.isArray(data["times"])) {
      const { times, ...settings } = data;
      return callOf(this.#use("trace"), this.#value(times), this.#value(settings));
    }
    return fields(mapped(data, (inner) => this.#value(inner)));
  }

  #pairs(builder: string, items: readonly Data[], keys: readonly string[], settings: Data): Source {
    const pairs = list(items.map((item) => list(keys.map((key) => this.#value(item[key])))));
    return callOf(this.#use(builder), pairs, ...(Object.keys(settings).length === 0 ? [] : [this.#value(settings)]));
  }

  #distribution({ dist, ...settings }: Data): Source {
    const builder = this.#use(dist as string);
    const { value, min, max, mean, of, values, percentile } = settings;
    switch (dist) {
      case "constant":
        return callOf(builder, this.#value(value));
      case "uniform":
        return callOf(builder, this.#value(min), this.#value(max));
      case "exponential":
        return callOf(builder, this.#value(mean));
      case "mixture":
        return this.#pairs(builder, of as readonly Data[], ["weight", "time"], {});
      case "empirical":
        return callOf(builder, this.#value(values));
      default:
        if (percentile === undefined) return callOf(builder, this.#value(settings));
        return callOf(builder, this.#value({ mean, [percentiles[percentile as number]!]: value }));
    }
  }
}

const mapped = <T>(of: object, by: (value: never, key: string) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(of).map(([key, value]) => [key, by(value as never, key)]));
