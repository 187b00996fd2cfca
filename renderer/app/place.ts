import { useSyncExternalStore } from "react";
import { useLocation, useSearch } from "wouter";

/** Where the console stands: a page, and the filters of its lists. Both live behind the address's `#`. */
export interface Place {
  readonly path: string;
  /** Without its question mark. */
  readonly search: string;
}

/**
 * Reads a fragment such as `#/transfer/ledger?peer=low`. Anything that is no path is home: a one-time address that is opened
 * with a valid cookie brings its token along (`#t=...`).
 */
export function placeOf(hash: string): Place {
  const text = hash.replace(/^#/, "");
  if (!text.startsWith("/")) return { path: "/", search: "" };
  const at = text.indexOf("?");
  return at < 0 ? { path: text, search: "" } : { path: text.slice(0, at), search: text.slice(at + 1) };
}

/** Takes a token that was not needed out of the address, now and later, so that nobody copies or bookmarks it. */
export function dropTokens(): void {
  const drop = (): void => {
    if (location.hash.startsWith("#t=")) history.replaceState(null, "", location.pathname);
  };
  drop();
  addEventListener("hashchange", drop);
}

function subscribe(changed: () => void): () => void {
  addEventListener("hashchange", changed);
  return () => removeEventListener("hashchange", changed);
}

function navigate(to: string, options: { readonly replace?: boolean } = {}): void {
  const before = location.href;
  const after = new URL(`#${to}`, before).href;
  if (options.replace === true) history.replaceState(null, "", after);
  else history.pushState(null, "", after);
  // Written by hand, the address tells nobody; only a person's own change does.
  dispatchEvent(new HashChangeEvent("hashchange", { oldURL: before, newURL: after }));
}

/** The router's way to read and write the path. */
export function usePlacePath(): [string, typeof navigate] {
  return [useSyncExternalStore(subscribe, () => placeOf(location.hash).path), navigate];
}
usePlacePath.hrefs = (href: string): string => `#${href}`;

/** The router's way to read the filters. */
export function usePlaceSearch(): string {
  return useSyncExternalStore(subscribe, () => placeOf(location.hash).search);
}

interface Filters {
  /** Empty where a filter is not set. */
  readonly get: (name: string) => string;
  /** Goes to the same page with other filters; an empty one is left out. */
  readonly set: (changes: Readonly<Record<string, string>>) => void;
  /** A path of the same page that keeps the filters. */
  readonly keep: (path: string) => string;
}

/** The filters of the list at hand, in the address: back and forward bring them again, and a bookmark keeps them. */
export function useFilters(): Filters {
  const search = useSearch();
  const [path, go] = useLocation();
  const known = new URLSearchParams(search);
  return {
    get: (name) => known.get(name) ?? "",
    set: (changes) => {
      const next = new URLSearchParams(known);
      for (const [name, value] of Object.entries(changes)) {
        if (value === "") next.delete(name);
        else next.set(name, value);
      }
      go(withSearch(path, next.toString()));
    },
    keep: (to) => withSearch(to, search),
  };
}

function withSearch(path: string, search: string): string {
  return search === "" ? path : `${path}?${search}`;
}
