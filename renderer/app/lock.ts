import { create } from "zustand";
import { client } from "../rpc.ts";
import { queryClient } from "./queries.ts";
import { keepSession } from "./resume.ts";

interface Lock {
  /** Who locked this window and when; null while it is open or nobody has signed in yet. */
  readonly locked: { readonly operator: string; readonly at: string } | null;
  /** What the last sign-in showed; the page asks for one look before it opens. */
  readonly greeting: {
    readonly operator: string;
    readonly previousSignInAt: string | null;
    readonly failuresSince: number;
  } | null;
}

export const useLock = create<Lock>()(() => ({ locked: null, greeting: null }));

/** Tells the other windows of this browser before the station does: it may be busy, or gone. */
const channel = new BroadcastChannel("sallyport-lock");

/** Hides everything at once, in every window of this operator, forgets every answer, then ends the sessions. */
export function lockNow(operator: string): void {
  hide(operator);
  keepSession(null);
  channel.postMessage(operator);
  client.session.lock({}).then(
    () => queryClient.invalidateQueries(),
    // The connection may be gone: then the session is, too, and the window stays hidden.
    () => {},
  );
}

/** Hides this window and forgets every answer: it was locked, or nobody is signed in on its connection any more. */
export function hide(operator: string): void {
  useLock.setState({ locked: { operator, at: new Date().toISOString() }, greeting: null });
  // What says whether anybody is signed in stays: it is what the door shows.
  queryClient.removeQueries({ predicate: ({ queryKey }) => !isSessionState(queryKey) });
}

function isSessionState(queryKey: readonly unknown[]): boolean {
  const [path] = queryKey;
  return Array.isArray(path) && path[0] === "session" && path[1] === "state";
}

/** Calls back with the operator whose windows are locked elsewhere in this browser, until it is stopped. */
export function onLockElsewhere(locked: (operator: string) => void): () => void {
  const hear = ({ data }: MessageEvent<unknown>): void => {
    if (typeof data !== "string") return;
    keepSession(null);
    locked(data);
  };
  channel.addEventListener("message", hear);
  return () => channel.removeEventListener("message", hear);
}
