import { implement, type AnyRouter } from "@orpc/server";
import { isContractProcedure } from "@orpc/contract";
import type { Access } from "../../../shared/contract/access.ts";
import { contract, type Contract } from "../../../shared/contract/contract.ts";
import { Refusal } from "../../../shared/errors.ts";
import { roleAllows } from "../../../shared/roles.ts";
import type { AreaHandlers } from "../handlers.ts";
import type { AppendEvent, Call, Kernel } from "../kernel.ts";
import type { Connection } from "./connection.ts";
import { mayShareCommit, type GroupCommit } from "./group-commit.ts";
import { asContractError, isFullDisk } from "./faults.ts";
import { aboutOf, expectWithin, filterRows, type ResourceLookups } from "./reach.ts";
import type { Agreement, TwoPersonGate } from "./two-persons.ts";

export interface CallContext {
  readonly connection: Connection;
}

export type Handlers = { readonly [Area in keyof Contract]: AreaHandlers<Contract[Area]> };

/** What the chain needs besides the kernel. */
export interface PipelineDeps {
  readonly kernel: Kernel;
  /** Operations that may share a commit. */
  readonly groups: GroupCommit;
  /** Counts running operations, so that closing can wait for them. */
  readonly running: Running;
  /** Gives up the reserve file, so that a full disk can still be reported and logged. */
  readonly releaseReserve: () => void;
  /** Asks for a second person where one is needed. */
  readonly twoPersons: TwoPersonGate;
  /** What operations are about whose input does not name it. */
  readonly lookups: ResourceLookups;
  /** Each throws where the station is in a state in which this change has to wait. */
  readonly gates: readonly ((name: string) => void)[];
  /** Throws `needs-step-up` unless who is signed in on the connection has given their passphrase lately. */
  readonly stepUp: (connection: Connection, name: string) => void;
  /** Before each call: ends sessions whose time is over. `person`: the call shows that somebody is there. */
  readonly arrived: (connection: Connection, person: boolean) => void;
}

type Implementation = (input: unknown, call: Call) => unknown;

/**
 * The one chain for all faces: session, permission, rate limit; then the input is parsed, and what it is about held
 * against how far the operator's roles reach; then a fresh passphrase and a second person is asked for where the contract says so; then the
 * operation runs, and what it changes commits together with its event; then the output is parsed.
 * No service is reachable around it.
 */
export function createRouter(handlers: Handlers, deps: PipelineDeps): AnyRouter {
  const { kernel, running } = deps;
  // A middleware of the root runs before the input is parsed and after the output was; one of a
  // procedure would run between, and see neither fault.
  const root = implement(contract)
    .$context<CallContext>()
    .use(async ({ context, procedure, path, next }, input) => {
      const access = procedure["~orpc"].meta as Access;
      const name = path.join(".");
      const end = running.begin();
      const actor = context.connection.session?.operator ?? "nobody";
      try {
        deps.arrived(context.connection, access.effect !== "read");
        admit(context.connection, access, name);
        if (access.effect !== "read" && !changesDuringAlarm.has(path[0] ?? "")) {
          kernel.audit.alarms.expectNone();
        }
        if (access.effect !== "read") for (const gate of deps.gates) gate(name);
        return await next();
      } catch (error) {
        if (isFullDisk(error)) deps.releaseReserve();
        const fault = asContractError(error, name, kernel.log);
        recordFailure(kernel, { actor, access, name, input }, error, fault);
        throw fault;
      } finally {
        end();
      }
    });
  return implementAll(root as unknown as Implementer, contract, handlers as Branch, [], deps);
}

/** What `implement` makes of a contract: the same tree, with a `handler` method at each leaf. */
interface Implementer {
  readonly [name: string]: Implementer;
}
interface Leaf {
  handler(run: (call: HandlerCall) => Promise<unknown>): AnyRouter;
}
interface HandlerCall {
  readonly input: unknown;
  readonly context: CallContext;
  readonly signal?: AbortSignal;
}
type Branch = Readonly<Record<string, unknown>>;

function implementAll(
  at: Implementer,
  node: Branch,
  handlers: Branch,
  path: readonly string[],
  deps: PipelineDeps,
): AnyRouter {
  const router: Record<string, AnyRouter> = {};
  for (const [name, child] of Object.entries(node)) {
    const here = [...path, name];
    const inner = at[name] as Implementer;
    const handler = handlers[name];
    if (!isContractProcedure(child)) {
      router[name] = implementAll(inner, child as Branch, (handler ?? {}) as Branch, here, deps);
      continue;
    }
    if (typeof handler !== "function") throw new Error(`no service for ${here.join(".")}`);
    const access = child["~orpc"].meta as Access;
    if (access.reach === "looked-up" && deps.lookups[here.join(".")] === undefined) {
      throw new Error(`nothing says what ${here.join(".")} is about`);
    }
    router[name] = (inner as unknown as Leaf).handler(async ({ input, context, signal }) => {
      const { session } = context.connection;
      const operator = session?.operator ?? "nobody";
      if (access.permission !== "public" && session !== null) {
        const about = aboutOf(here.join("."), access, input, deps.lookups);
        expectWithin(session, here.join("."), access.permission, about);
        if (access.stepUp === true) deps.stepUp(context.connection, here.join("."));
      }
      const agreement = deps.twoPersons.pass(here.join("."), access, input, operator);
      const call = createCall(deps.kernel, context.connection, signal, agreement);
      const run = (): unknown => (handler as Implementation)(input, call);
      const output: unknown = await (mayShareCommit(here.join("."), input)
        ? deps.groups.run(() => stillSignedIn(context.connection, session, run))
        : run());
      if (access.effect !== "read" && !call.committed()) {
        throw new Error(`${here.join(".")} changes or reveals something, but wrote no event`);
      }
      return filterRows(output, access, call.grants);
    });
  }
  return router;
}

/** Between its call and the commit that it shares somebody may have ended its session. */
function stillSignedIn(connection: Connection, session: Connection["session"], run: () => unknown): unknown {
  if (connection.session !== session) {
    throw new Refusal("not-signed-in", "The session ended before this was done. Sign in again.");
  }
  return run();
}

/** Areas that a person needs to settle an alarm of the log; all other changes wait until it is settled. */
const changesDuringAlarm: ReadonlySet<string> = new Set(["session", "approvals", "audit", "recovery"]);

/** They write their own events of a refusal, with how often it happened. */
const ownRefusals: ReadonlySet<string> = new Set(["session.signIn", "recovery.open"]);

function admit(connection: Connection, access: Access, name: string): void {
  const { session } = connection;
  if (access.permission !== "public") {
    if (session === null) throw new Refusal("not-signed-in", "Nobody is signed in here. Sign in first.");
    if (!roleAllows(session.roles, access.permission)) {
      throw new Refusal(
        "not-allowed",
        `${session.operator} may not do this: ${name} needs the permission ${access.permission}.`,
      );
    }
    if (session.operations !== null && !session.operations.includes(name)) {
      throw new Refusal(
        "not-allowed",
        `${session.operator} may not do this: it is a service operator, and ${name} is not on its list.`,
      );
    }
  }
  const seconds = connection.bucket.take();
  if (seconds > 0) {
    throw new Refusal("wait", "Too many calls at once. Wait a moment.", { seconds: Math.ceil(seconds) });
  }
}

interface PipelineCall extends Call {
  readonly committed: () => boolean;
}

function createCall(
  kernel: Kernel,
  connection: Connection,
  signal: AbortSignal | undefined,
  agreement: Agreement | null,
): PipelineCall {
  let committed = false;
  // Work goes on as its starter (trust.md, People), whoever signs out or in on this connection meanwhile.
  const { session } = connection;
  const operator = session?.operator ?? "nobody";
  return {
    operator,
    roles: session?.roles ?? [],
    grants: session?.grants ?? [],
    approver: agreement?.approver ?? null,
    session: session?.id ?? connection.id,
    connection,
    signal,
    committed: () => committed,
    commit(run) {
      const result = kernel.store.write(() => {
        let events = 0;
        const append: AppendEvent = (event) => {
          events += 1;
          kernel.audit.append({
            actor: event.actor ?? operator,
            action: event.action,
            object: event.object,
            outcome: event.outcome ?? "done",
            details: event.details ?? {},
          });
        };
        // In the transaction of the effect, so that an agreement is used once and never for nothing.
        if (!committed) agreement?.use(append);
        const used = events;
        const value = run(append);
        if (events === used) throw new Error("a change without an event");
        return value;
      });
      committed = true;
      kernel.changes.publish("audit");
      return result;
    },
  };
}

/** Codes that say nothing about the station: faults of the caller, or of its own making. */
const notRecorded = new Set([
  "bad-input",
  "wait",
  "not-signed-in",
  "cancelled",
  "needs-approval",
  "needs-step-up",
]);

interface Attempt {
  readonly actor: string;
  readonly access: Access;
  readonly name: string;
  readonly input: unknown;
}

/**
 * A change or reveal that was refused leaves an event too, and one that failed: an operation that began and came to
 * no end must not be silent. Sign-in writes its own.
 */
function recordFailure(
  kernel: Kernel,
  { actor, access, name, input }: Attempt,
  error: unknown,
  fault: ReturnType<typeof asContractError>,
): void {
  if (access.effect === "read" || ownRefusals.has(name)) return;
  if (notRecorded.has(fault.code)) return;
  if (kernel.founded() === null) return;
  const { reason, path, reference } = fault.data;
  try {
    kernel.store.write(() => {
      kernel.audit.append({
        actor,
        action: name,
        object: objectOf(input),
        outcome: error instanceof Refusal ? "refused" : "failed",
        details: {
          code: fault.code,
          reason: reason ?? null,
          at: path?.slice(0, 256) ?? null,
          ...(reference === undefined ? {} : { reference }),
        },
      });
    });
  } catch (failure) {
    kernel.log.warn({ operation: name, error: String(failure) }, "a refusal or failure could not be logged");
  }
}

/** What the caller named, for an event about an operation that was refused. */
function objectOf(input: unknown): string {
  const fields = (input ?? {}) as Record<string, unknown>;
  for (const name of ["peer", "to", "request", "batch", "medium", "job", "operator", "name", "approval"]) {
    const value = fields[name];
    if (typeof value === "string") return value.replaceAll("\0", "").slice(0, 256);
  }
  return "";
}

/** Counts running operations. */
export class Running {
  #count = 0;
  readonly #waiting: (() => void)[] = [];

  begin(): () => void {
    this.#count += 1;
    return () => {
      this.#count -= 1;
      if (this.#count === 0) for (const resolve of this.#waiting.splice(0)) resolve();
    };
  }

  async idle(): Promise<void> {
    if (this.#count > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
