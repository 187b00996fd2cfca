import { create } from "zustand";
import { client } from "../rpc.ts";
import { queryClient } from "./queries.ts";

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

/** Hides everything at once, forgets every answer, then ends the session. */
export function lockNow(operator: string): void {
  useLock.setState({ locked: { operator, at: new Date().toISOString() }, greeting: null });
  queryClient.clear();
  client.session.signOut({}).then(
    () => queryClient.invalidateQueries(),
    // The connection may be gone: then the session is, too, and the window stays hidden.
    () => {},
  );
}
