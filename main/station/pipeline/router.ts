import { implement, type AnyRouter } from "@orpc/server";
import type { AnyContractProcedure } from "@orpc/contract";
import { isContractProcedure } from "@orpc/contract";
import type { Access } from "../../../shared/contract/access.ts";
import { contract, type Contract } from "../../../shared/contract/contract.ts";
import { Refusal } from "../../../shared/errors.ts";
import { roleAllows } from "../../../shared/roles.ts";
import type { AreaHandlers } from "../handlers.ts";
import type { AppendEvent, Call, Kernel } from "../kernel.ts";
import type { Connection } from "./connection.ts";
import { asContractError, isFullDisk } from "./faults.ts";

export interface CallContext {
  readonly connection: Connection;
}

export type Handlers = { readonly [Area in keyof Contract]: AreaHandlers<Contract[Area]> };

/** What the chain needs besides the kernel. */
export interface PipelineDeps {
  readonly kernel: Kernel;
  /** Counts running operations, so that closing can wait for them. */
  readonly running: Running;
  /** Gives up the reserve file, so that a full disk can still be reported and logged. */
  readonly releaseReserve: () => void;
}

type Implementation = (input: unknown, call: Call) => unknown;

/**
 * The one chain for all faces: session, permission, rate limit; then the input is parsed; then the
 * operation runs, and what it changes commits together with its event; then the output is parsed.
 * No service is reachable around it.
 */
export function createRouter(handlers: Handlers, deps: PipelineDeps): AnyRouter {
  return build(contract, handlers as Record<string, unknown>, [], deps) as AnyRouter;
}

function build(
  node: Record<string, unknown>,
  handlers: Record<string, unknown>,
  path: string[],
  deps: PipelineDeps,
) {
  const router: Record<string, unknown> = {};
  for (const [name, child] of Object.entries(node)) {
    const handler = handlers[name];
    if (isContractProcedure(child)) {
      if (typeof handler !== "function") throw new Error(`no service for ${[...path, name].join(".")}`);
      router[name] = operation(child, handler as Implementation, [...path, name].join("."), deps);
    } else {
      const inner = (handler ?? {}) as Record<string, unknown>;
      router[name] = build(child as Record<string, unknown>, inner, [...path, name], deps);
    }
  }
  return router;
}

function operation(
  procedure: AnyContractProcedure,
  handler: Implementation,
  name: string,
  deps: PipelineDeps,
) {
  const access = procedure["~orpc"].meta as Access;
  const { kernel, running } = deps;
  return implement(procedure)
    .$context<CallContext>()
    .use(async ({ context, next }) => {
      const end = running.begin();
      try {
        admit(context.connection, access, name);
        return await next();
      } catch (error) {
        if (isFullDisk(error)) deps.releaseReserve();
        recordRefusal(kernel, context.connection, access, name, error);
        throw asContractError(error, name, kernel.log);
      } finally {
        end();
      }
    })
    .handler(async ({ input, context, signal }) => {
      const call = createCall(kernel, context.connection, signal);
      const output = await handler(input, call);
      if (access.effect !== "read" && !call.committed()) {
        throw new Error(`${name} changes or reveals something, but wrote no event`);
      }
      return output;
    });
}

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
  }
  const seconds = connection.bucket.take();
  if (seconds > 0) {
    throw new Refusal("wait", "Too many calls at once. Wait a moment.", { seconds: Math.ceil(seconds) });
  }
}

interface PipelineCall extends Call {
  readonly committed: () => boolean;
}

function createCall(kernel: Kernel, connection: Connection, signal: AbortSignal | undefined): PipelineCall {
  let committed = false;
  const operator = () => connection.session?.operator ?? "nobody";
  return {
    get operator() {
      return operator();
    },
    get roles() {
      return connection.session?.roles ?? [];
    },
    get session() {
      return connection.session?.id ?? connection.id;
    },
    connection,
    signal,
    committed: () => committed,
    commit(run) {
      const result = kernel.store.write(() => {
        let events = 0;
        const append: AppendEvent = (event) => {
          events += 1;
          kernel.audit.append({
            actor: event.actor ?? operator(),
            action: event.action,
            object: event.object,
            outcome: event.outcome ?? "done",
            details: event.details ?? {},
          });
        };
        const value = run(append);
        if (events === 0) throw new Error("a change without an event");
        return value;
      });
      committed = true;
      kernel.changes.publish("audit");
      return result;
    },
  };
}

/** A change or reveal that was refused leaves an event too; faults of the caller's input do not. */
function recordRefusal(
  kernel: Kernel,
  connection: Connection,
  access: Access,
  name: string,
  error: unknown,
): void {
  if (access.effect === "read" || !(error instanceof Refusal)) return;
  if (["bad-input", "wait", "not-signed-in", "cancelled"].includes(error.code) || name === "session.signIn")
    return;
  try {
    kernel.identity();
    kernel.store.write(() => {
      kernel.audit.append({
        actor: connection.session?.operator ?? "nobody",
        action: `${name}`,
        object: error.facts.path ?? "",
        outcome: "refused",
        details: { code: error.code, reason: error.facts.reason ?? null },
      });
    });
  } catch (failure) {
    kernel.log.warn({ operation: name, error: String(failure) }, "a refusal could not be logged");
  }
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
