import type { contract } from "../../../shared/contract/contract.ts";
import { reaches, type Grant } from "../../../shared/narrowing.ts";
import type { ChangeHint } from "../../station/changes.ts";
import type { AreaHandlers } from "../../station/handlers.ts";
import type { Side } from "../../station/identity.ts";
import type { Call, Kernel } from "../../station/kernel.ts";
import type { RequestsService } from "../requests/service.ts";
import type { SignoffsService } from "../signoffs/service.ts";
import type { TransferService } from "../transfer/service.ts";
import type { DiskGuard } from "../station/service.ts";
import { collectNeeds } from "./needs.ts";
import { watchStore, type WatchStore } from "./store.ts";
import { trafficStrips } from "./traffic.ts";

export function createWatchService(
  kernel: Kernel,
  requests: RequestsService,
  transfer: TransferService,
  signoffs: SignoffsService,
  disk: DiskGuard,
): { handlers: AreaHandlers<typeof contract.watch> } {
  const rows = watchStore(kernel.store);
  return {
    handlers: {
      summary() {
        const peers = rows.peers();
        const strips = trafficStrips(rows, peers, kernel.identity().lineage);
        const space = disk.standing();
        const { freeBytes } = space;
        return {
          needs: collectNeeds(kernel, rows, peers, strips, { requests, signoffs }, space),
          jobs: transfer.jobs(),
          strips,
          today: numbers(rows, kernel.clock(), kernel.identity().side),
          checks: [
            {
              name: "durable writes",
              ok: true,
              note: "synchronous FULL, read back when the station was opened",
            },
            {
              name: "disk",
              ok: space.level === "ok",
              note: `${(freeBytes / 2 ** 30).toFixed(1)} GiB free`,
            },
          ],
          auditEvents: kernel.audit.head().events,
          freeBytes,
          disk: space.level,
        };
      },

      changes(_input, call) {
        return follow(kernel, call);
      },
    },
  };
}

/**
 * Hints as they come. A reader that is slow gets them merged: what is pending is one set of topics and the
 * newest snapshot of each job. Before sign-in only the session is heard of.
 */
async function* follow(kernel: Kernel, call: Call): AsyncGenerator<ChangeHint, void, undefined> {
  const topics = new Set<ChangeHint["topics"][number]>();
  const jobs = new Map<string, ChangeHint["jobs"][number]>();
  let wake = () => {};
  const stop = kernel.changes.listen((hint) => {
    for (const topic of hint.topics) topics.add(topic);
    for (const job of hint.jobs) jobs.set(job.job, job);
    wake();
  });
  const ended = call.signal === undefined ? kernel.stopping : AbortSignal.any([kernel.stopping, call.signal]);
  ended.addEventListener("abort", () => wake(), { once: true });
  try {
    // The first hint says that the stream stands, so that a page can fetch once and then trust it.
    yield { topics: ["session"], jobs: [] };
    while (!ended.aborted) {
      if (topics.size === 0 && jobs.size === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (ended.aborted) return;
      const open = call.connection.session !== null;
      const hint: ChangeHint = {
        topics: [...topics].filter((topic) => open || topic === "session"),
        jobs: open
          ? [...jobs.values()].filter((job) => reaches(grantsNow(call), "transfer.read", { peer: job.peer }))
          : [],
      };
      topics.clear();
      jobs.clear();
      if (hint.topics.length > 0 || hint.jobs.length > 0) yield hint;
    }
  } finally {
    stop();
  }
}

/** Of the session that the connection has now: a stream outlives a change of roles. */
function grantsNow({ connection }: Call): readonly Grant[] {
  return connection.session?.grants ?? [];
}

/** Today and yesterday by UTC days. */
function numbers(rows: WatchStore, now: Date, side: Side) {
  const dayMs = 24 * 60 * 60 * 1000;
  const start = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate());
  const [yesterday, today, tomorrow] = [start - dayMs, start, start + dayMs].map((time) =>
    new Date(time).toISOString(),
  ) as [string, string, string];
  const both = (name: string, measure: (from: string, to: string) => number) => ({
    name,
    today: measure(today, tomorrow),
    yesterday: measure(yesterday, today),
  });
  return [
    ...(side === "request" ? [both("requests submitted", (from, to) => rows.submitted(from, to))] : []),
    both("batches sealed", (from, to) => rows.sealed(from, to).batches),
    both("bytes sealed", (from, to) => rows.sealed(from, to).bytes),
    both("batches imported", (from, to) => rows.settled(0, from, to).batches),
    both("records imported", (from, to) => rows.settled(0, from, to).imported),
    both("records quarantined", (from, to) => rows.settled(0, from, to).quarantined),
  ];
}
