import type { MessagePort } from "node:worker_threads";
import type { ErrorCode, ErrorFacts } from "../../shared/errors.ts";

/** What the shell tells the station's thread at its start. */
export interface ThreadStart {
  readonly directory: string;
  /** Which shell holds the station, for people: `window`, `serve`, `command line`. */
  readonly shell: string;
}

/** From the shell to the station's thread. */
export type ToStation =
  | { readonly kind: "connect"; readonly face: string; readonly port: MessagePort }
  | { readonly kind: "close" };

/** From the station's thread to the shell. */
export type FromStation =
  | { readonly kind: "opened" }
  | {
      readonly kind: "refused";
      readonly code: ErrorCode;
      readonly message: string;
      readonly facts: ErrorFacts;
    };
