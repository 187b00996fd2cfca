import { QueryClient } from "@tanstack/react-query";
import { errorCode } from "./failure.ts";

/** Answers stay in memory only, and are dropped as soon as their page has been gone for a minute. */
const keptMs = 60_000;

/** One cache for the page. A refusal is an answer, so only a lost connection is tried again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      gcTime: keptMs,
      staleTime: 5_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => errorCode(error) === null && failures < 2,
      // The station is on this machine: what a browser thinks of the network says nothing about it.
      networkMode: "always",
    },
    mutations: { networkMode: "always", retry: false },
  },
});
