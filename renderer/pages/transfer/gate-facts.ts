import { useQuery } from "@tanstack/react-query";
import { orpc } from "../../rpc.ts";
import { isCrossing, unreadJob, useReadUntil, type Crossing } from "../../app/finished.ts";

export interface Peer {
  readonly name: string;
  readonly state: "pending" | "trusted" | "revoked";
  readonly fingerprint: string;
  readonly nextOut: number;
  readonly nextIn: number;
}

export interface Waiting {
  readonly peer: string;
  readonly requests: number;
  readonly responses: number;
  readonly receipts: number;
  readonly sealed: readonly { readonly sequence: number; readonly state: string }[];
}

interface GateFacts {
  readonly jobs: readonly Crossing[];
  /** The job to draw: the one asked for, else what runs, else what ended unread. */
  readonly job: Crossing | undefined;
  readonly peers: readonly Peer[];
  readonly trusted: readonly Peer[];
  readonly waiting: readonly Waiting[];
  readonly ready: boolean;
}

/** What the gate needs to know, from four questions. */
export function useGateFacts(asked: string | undefined): GateFacts {
  const jobs = useQuery(orpc.transfer.jobs.queryOptions({ input: {} }));
  const peers = useQuery(orpc.peers.list.queryOptions({ input: {} }));
  const outbox = useQuery(orpc.transfer.outbox.queryOptions({ input: {} }));
  const list = (jobs.data?.jobs ?? []).filter(isCrossing);
  const readUntil = useReadUntil((state) => state.readUntil);
  const known = peers.data?.peers ?? [];
  return {
    jobs: list,
    job:
      asked === undefined
        ? (list.find((job) => job.state === "running" && job.kind !== "inspect") ??
          unreadJob(list, readUntil))
        : list.find((job) => job.job === asked),
    peers: known,
    trusted: known.filter((peer) => peer.state === "trusted"),
    waiting: outbox.data?.peers ?? [],
    ready: jobs.data !== undefined && peers.data !== undefined,
  };
}

/** How many records wait for a peer. */
export function totalWaiting(waiting: Waiting | undefined): number {
  return waiting === undefined ? 0 : waiting.requests + waiting.responses + waiting.receipts;
}
