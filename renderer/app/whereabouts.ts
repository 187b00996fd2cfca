import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { create } from "zustand";
import type { presencePage, presenceSubject } from "../../shared/contract/presence.ts";
import type * as z from "zod";
import { client, orpc } from "../rpc.ts";

export type SubjectKind = z.infer<typeof presenceSubject>;
type Page = z.infer<typeof presencePage>;

interface Subject {
  readonly kind: SubjectKind;
  readonly name: string;
}

interface Whereabouts {
  readonly page: Page;
  readonly subject?: Subject | undefined;
}

/** What is being edited in this window; the newest dialog wins. */
const useEdits = create<{ readonly editing: Subject | null }>()(() => ({ editing: null }));

const pages: Readonly<Record<string, Page>> = {
  "": "watch",
  transfer: "transfer",
  requests: "requests",
  audit: "audit",
  people: "people",
  station: "station",
};

/** A name that the contract takes; words of an address that mean something else are none. */
const named = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** Which page a place is, and what it shows, as far as its address says so. */
export function whereaboutsOf(path: string): Whereabouts {
  const [root = "", second = "", third = ""] = path.split("/").slice(1);
  const page = pages[root] ?? "watch";
  const subject = subjectOf(root, second, third);
  return subject === undefined || !named.test(subject.name) ? { page } : { page, subject };
}

function subjectOf(root: string, second: string, third: string): Subject | undefined {
  if (root === "transfer" && second === "peers" && third !== "add") return { kind: "peer", name: third };
  if (root === "transfer" && second === "alarms") return { kind: "alarms", name: third };
  if (root === "requests") return { kind: "request", name: third };
  if (root === "people" && second === "approvals") return { kind: "approval", name: third };
  if (root === "people" && third === "" && !["sessions", "roles", "recovery", "approvals"].includes(second))
    return { kind: "operator", name: second };
  return undefined;
}

/** While this is on, the others see that it is being edited here. */
export function useEditing(kind: SubjectKind, name: string, on: boolean): void {
  useEffect(() => {
    if (!on) return;
    useEdits.setState({ editing: { kind, name } });
    return () => useEdits.setState({ editing: null });
  }, [kind, name, on]);
}

/** Far below the two minutes after which the station takes a silent window for an empty chair. */
const everyMs = 30_000;

/** Tells the station where this window is: at each change, and now and then while it can be seen. */
export function useTellWhereabouts(path: string): void {
  const editing = useEdits((state) => state.editing);
  useEffect(() => {
    const { page, subject } = whereaboutsOf(path);
    const tell = (): void => {
      if (document.visibilityState === "hidden") return;
      const place = editing ?? subject;
      // Who may not tell, or too often, is only less visible: nothing depends on it.
      client.presence
        .tell({ page, editing: editing !== null, ...(place === undefined ? {} : { subject: place }) })
        .catch(() => {});
    };
    tell();
    const timer = setInterval(tell, everyMs);
    document.addEventListener("visibilitychange", tell);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", tell);
    };
  }, [path, editing]);
}

/** Everybody who is here, this window among them. */
export function usePresent() {
  return useQuery(orpc.presence.list.queryOptions({ input: {} })).data?.present ?? [];
}

export type Present = ReturnType<typeof usePresent>[number];

/** The place in the console of what somebody has before them. */
export function pathOf({ page, subject }: Pick<Present, "page" | "subject">): string {
  if (subject !== null) {
    const { kind, name } = subject;
    if (kind === "peer") return `/transfer/peers/${name}`;
    if (kind === "alarms") return `/transfer/alarms/${name}`;
    if (kind === "operator") return `/people/${name}`;
    if (kind === "approval") return `/people/approvals/${name}`;
    return `/requests/all/${name}`;
  }
  return page === null || page === "watch" ? "/" : `/${page}`;
}
